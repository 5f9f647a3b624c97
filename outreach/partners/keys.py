"""A creditor's keys: one for each of its systems, each with the scopes that system needs and no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db, tokens
from outreach.errors import OutreachError

#: scope -> what a key with it may do
SCOPES: Mapping[str, str] = {
    "placements:write": "place accounts",
    "accounts:read": "read accounts: balance, status, holds, plan, disputes",
    "accounts:write": "recall accounts and adjust balances",
    "payments:write": "report payments and reversals",
    "holds:write": "stop contact about an account, and let it go on",
    "disputes:write": "bring proof about a dispute",
    "events:read": "read what happened",
    "endpoints:write": "say where events are sent",
}
#: tells a leaked token from other noise, for those who scan for leaks
PREFIX = "outreach_"
#: how exactly the last use is remembered; every use written would make a read a write
_USED = timedelta(minutes=1)


class ScopeError(OutreachError):
    """This key cannot be made."""


class UnknownKeyError(OutreachError):
    """There is no such key, or it is revoked already. `outreach keys list` shows them."""

    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A system of a creditor, as its key says."""

    key_id: int
    creditor_id: int
    creditor: str
    scopes: frozenset[str]

    @property
    def actor(self) -> str:
        """The audit trail's word for it."""
        return f"api:{self.key_id}"


async def add(
    session: AsyncSession, *, now: datetime, creditor: str, name: str, scopes: Sequence[str], actor: str
) -> tuple[int, str]:
    """Make a key; its id and its token, which is not stored and cannot be shown again. Raises ScopeError."""
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        raise ScopeError(f"Choose scopes among {', '.join(SCOPES)}; {', '.join(unknown) or 'none'} will not do.")
    if not name.strip():
        raise ScopeError("Name the system that will hold this key.")
    creditor_id = await session.scalar(sa.text("select id from creditor where name = :name"), {"name": creditor})
    if creditor_id is None:
        raise ScopeError(f"There is no creditor named {creditor!r}. `outreach creditor list` shows them.")
    token = PREFIX + tokens.new_token()
    made = await session.scalar(
        sa.text(
            "insert into api_key (creditor_id, name, token_hash, scopes, created_at)"
            " values (:creditor_id, :name, :hash, :scopes, :now) returning id"
        ),
        {
            "creditor_id": creditor_id,
            "name": name.strip(),
            "hash": tokens.digest(token),
            "scopes": " ".join(scope for scope in SCOPES if scope in scopes),
            "now": now,
        },
    )
    subject = f"api_key:{made}"
    await audit.record(session, now=now, actor=actor, action="key.added", subject=subject, scopes=list(scopes))
    return int(made or 0), token


async def revoke(session: AsyncSession, *, now: datetime, key_id: int, actor: str) -> None:
    """From the next request on the key is worth nothing. Raises UnknownKeyError."""
    changed = await db.change(
        session, "update api_key set revoked_at = :now where id = :id and revoked_at is null", now=now, id=key_id
    )
    if not changed:
        raise UnknownKeyError
    await audit.record(session, now=now, actor=actor, action="key.revoked", subject=f"api_key:{key_id}")


async def caller(session: AsyncSession, *, now: datetime, token: str) -> Caller | None:
    """Whose token this is; None for an unknown or revoked one."""
    found = await db.one(
        session,
        "select k.id, k.creditor_id, k.scopes, k.used_at, c.name as creditor from api_key k"
        " join creditor c on c.id = k.creditor_id where k.token_hash = :hash and k.revoked_at is null",
        hash=tokens.digest(token),
    )
    if found is None:
        return None
    if found["used_at"] is None or found["used_at"] < now - _USED:
        await session.execute(
            sa.text("update api_key set used_at = :now where id = :id"), {"now": now, "id": found["id"]}
        )
    return Caller(
        key_id=found["id"],
        creditor_id=found["creditor_id"],
        creditor=found["creditor"],
        scopes=frozenset(found["scopes"].split()),
    )


async def every(session: AsyncSession) -> Sequence[Mapping[str, Any]]:
    """All keys, those in use first, then the newest; never their tokens."""
    return await db.rows(
        session,
        "select k.id, c.name as creditor, k.name, k.scopes, k.created_at, k.used_at, k.revoked_at"
        " from api_key k join creditor c on c.id = k.creditor_id order by k.revoked_at is not null, k.id desc",
    )
