"""Colleagues and their way in: add, change, sign-in links of one use, sessions that end on the server.

A link is shown once and kept only as a hash; following it changes nothing, only the POST behind it spends it
(`sign_in`). Every request asks `current`: a disabled colleague or a changed role takes effect with the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db, tokens
from outreach.errors import OutreachError
from outreach.staff.models import Role

LINK_LIFE = timedelta(minutes=10)  # ASVS 6.5.5
#: a link an administrator prints and carries over by hand
FIRST_LINK_LIFE = timedelta(days=1)
SESSION_LIFE = timedelta(hours=12)
SESSION_IDLE = timedelta(minutes=30)


class StaffError(OutreachError):
    """This cannot be done with the user."""

    status = 409


class UnknownStaffError(StaffError):
    """There is no such user. `outreach users add EMAIL --role ROLE` adds one."""

    status = 404


class LinkError(StaffError):
    """This sign-in link was used or has expired. Ask for a new one."""

    status = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """The colleague behind a request."""

    id: int
    email: str
    name: str
    role: str
    creditor_id: int | None

    @property
    def actor(self) -> str:
        """The word of the audit trail."""
        return f"staff:{self.id}"


async def add(
    session: AsyncSession,
    *,
    now: datetime,
    email: str,
    role: Role | str,
    actor: str,
    name: str = "",
    creditor_id: int | None = None,
) -> int:
    """Add a colleague, or give the one with this address the role (back). A creditor's user needs its creditor."""
    if (role == Role.CREDITOR) is (creditor_id is None):
        raise StaffError("A user with the role creditor belongs to exactly one creditor, and no one else does.")
    staff_id = await session.scalar(
        sa.text(
            "insert into staff (email, name, role, creditor_id, created_at)"
            " values (:email, :name, :role, :creditor_id, :now) on conflict (email) do update set"
            " role = excluded.role, creditor_id = excluded.creditor_id, disabled_at = null returning id"
        ).bindparams(sa.bindparam("creditor_id", type_=sa.BigInteger)),
        {
            "email": email.strip().lower(),
            "name": name.strip() or email.partition("@")[0].replace(".", " ").title(),
            "role": str(role),
            "creditor_id": creditor_id,
            "now": now,
        },
    )
    await audit.record(session, now=now, actor=actor, action="staff.added", subject=f"staff:{staff_id}", role=str(role))
    return int(staff_id)


async def disable(session: AsyncSession, *, now: datetime, staff_id: int, actor: str) -> None:
    """Bar a colleague from the next request on."""
    done = await db.rows(
        session,
        "update staff set disabled_at = :now where id = :id and disabled_at is null returning id",
        now=now,
        id=staff_id,
    )
    if not done:
        raise UnknownStaffError
    await _end_sessions(session, now=now, staff_id=staff_id)
    await audit.record(session, now=now, actor=actor, action="staff.disabled", subject=f"staff:{staff_id}")


async def link(
    session: AsyncSession, *, now: datetime, email: str, actor: str, life: timedelta = LINK_LIFE
) -> str | None:
    """A new sign-in token, to be mailed or printed; None when nobody active has the address (and tell no one so)."""
    staff_id = await session.scalar(
        sa.text("select id from staff where email = :email and disabled_at is null"), {"email": email.strip().lower()}
    )
    if staff_id is None:
        return None
    token = tokens.new_token()
    await session.execute(
        sa.text("insert into sign_in_link (staff_id, token_hash, expires_at) values (:id, :hash, :expires_at)"),
        {"id": staff_id, "hash": tokens.digest(token), "expires_at": now + life},
    )
    await audit.record(session, now=now, actor=actor, action="staff.link_made", subject=f"staff:{staff_id}")
    return token


async def sign_in(session: AsyncSession, *, now: datetime, token: str) -> str:
    """Spend a link, once, and open a session; returns the session's token, for a cookie. Only a POST may call it."""
    spent = await db.rows(
        session,
        "update sign_in_link l set used_at = :now from staff s where l.token_hash = :hash and l.used_at is null"
        " and l.expires_at > :now and s.id = l.staff_id and s.disabled_at is null returning l.staff_id",
        now=now,
        hash=tokens.digest(token),
    )
    if not spent:
        raise LinkError
    staff_id = spent[0]["staff_id"]
    fresh = tokens.new_token()
    await session.execute(
        sa.text(
            "insert into staff_session (staff_id, token_hash, created_at, seen_at, expires_at)"
            " values (:id, :hash, :now, :now, :expires_at)"
        ),
        {"id": staff_id, "hash": tokens.digest(fresh), "now": now, "expires_at": now + SESSION_LIFE},
    )
    await audit.record(
        session, now=now, actor=f"staff:{staff_id}", action="staff.signed_in", subject=f"staff:{staff_id}"
    )
    return fresh


async def current(session: AsyncSession, *, now: datetime, token: str) -> User | None:
    """The colleague of a session token, or None when it ended, idled out, expired, or its owner was disabled."""
    found = await db.one(session, _CURRENT, now=now, hash=tokens.digest(token), idle=SESSION_IDLE)
    return User(**found) if found else None


# Seen is written at most once a minute: a page view need not be a write.
_CURRENT = """
with live as (
  select p.id, p.seen_at, s.id as staff_id, s.email, s.name, s.role, s.creditor_id from staff_session p
  join staff s on s.id = p.staff_id and s.disabled_at is null
  where p.token_hash = :hash and p.ended_at is null and p.expires_at > :now and p.seen_at > :now - :idle
), seen as (
  update staff_session set seen_at = :now from live
  where staff_session.id = live.id and live.seen_at < :now - interval '1 minute'
)
select staff_id as id, email, name, role, creditor_id from live
"""


async def sign_out(session: AsyncSession, *, now: datetime, token: str) -> None:
    """End this session; the cookie is worthless from now on."""
    await session.execute(
        sa.text("update staff_session set ended_at = :now where token_hash = :hash and ended_at is null"),
        {"now": now, "hash": tokens.digest(token)},
    )


async def colleagues(session: AsyncSession) -> list[Mapping[str, Any]]:
    """Everyone, the disabled last: id, email, name, role, creditor, disabled_at, last seen."""
    return await db.rows(
        session,
        "select s.id, s.email, s.name, s.role, c.name as creditor, s.disabled_at,"
        " (select max(seen_at) from staff_session p where p.staff_id = s.id) as seen_at"
        " from staff s left join creditor c on c.id = s.creditor_id order by s.disabled_at is not null, s.email",
    )


async def creditor_named(session: AsyncSession, *, name: str) -> int:
    """The creditor a user belongs to. Raises StaffError when no placement of theirs was ever imported."""
    found = await session.scalar(sa.text("select id from creditor where name = :name"), {"name": name})
    if found is None:
        raise StaffError(f"There is no creditor named {name!r}. Import a placement of theirs first.")
    return int(found)


async def _end_sessions(session: AsyncSession, *, now: datetime, staff_id: int) -> None:
    await session.execute(
        sa.text("update staff_session set ended_at = :now where staff_id = :id and ended_at is null"),
        {"now": now, "id": staff_id},
    )
