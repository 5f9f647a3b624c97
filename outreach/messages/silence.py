"""How anything silences a person: in the caller's transaction, under the person's exclusive lock.

Bumps `debtor.epoch` and withdraws what is queued, so that no send starts after the caller commits (house.md section 6). Every
door uses it: a STOP by text, mail, portal, one click or a case manager; holds; payment in full; recall; a plan.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db
from outreach.accounts import service as accounts
from outreach.accounts.models import HoldReason
from outreach.consents import service as consents
from outreach.consents.models import ConsentKind, Scope

#: what still may leave to someone who was just silenced; the gate decides on each
_ANSWERS = ("opt_out_confirmation", "reply", "sign_in_code")

_WITHDRAW = """
update message set status = 'withdrawn', reason = :why, settled_at = :now, lease_until = null
where debtor_id = :debtor_id and direction = 'out' and status in ('queued', 'claimed') and purpose <> all(:answers)
  and staff_id is null
  and (cast(:medium as text) is null or medium = :medium)
  and (cast(:account_id as bigint) is null or :account_id = any(account_ids))
"""


async def silence(
    session: AsyncSession,
    *,
    now: datetime,
    debtor_id: int,
    why: str,
    medium: str | None = None,
    account_id: int | None = None,
) -> int:
    """Withdraw what is queued for a person (a medium, an account); returns how many messages were withdrawn."""
    await db.silence_lock(session, debtor_id)
    await session.execute(sa.text("update debtor set epoch = epoch + 1 where id = :id"), {"id": debtor_id})
    return await db.change(
        session,
        _WITHDRAW,
        now=now,
        debtor_id=debtor_id,
        why=why,
        medium=medium,
        account_id=account_id,
        answers=list(_ANSWERS),
    )


async def opt_out(
    session: AsyncSession,
    *,
    now: datetime,
    debtor_id: int,
    medium: str | None,
    via: str,
    actor: str,
    words: str = "",
    address: str | None = None,
    message_id: UUID | None = None,
) -> None:
    """STOP: silences a medium for the person on all accounts and numbers (None: every electronic medium)."""
    scope = Scope.MEDIUM if medium else Scope.ALL_ELECTRONIC
    await silence(session, now=now, debtor_id=debtor_id, why=f"opted out of {medium or 'all messages'}", medium=medium)
    await consents.record(
        session,
        now=now,
        debtor_id=debtor_id,
        kind=ConsentKind.REFUSAL,
        scope=scope,
        medium=medium,
        address=address,
        via=via,
        words=words,
        message_id=message_id,
    )
    await audit.record(
        session, now=now, actor=actor, action="opt_out", debtor_id=debtor_id, subject=medium or "all", why=via
    )


async def opt_in(
    session: AsyncSession,
    *,
    now: datetime,
    debtor_id: int,
    medium: str,
    via: str,
    actor: str,
    words: str = "",
    message_id: UUID | None = None,
) -> None:
    """START: consent to a medium again, with time and words."""
    await consents.record(
        session,
        now=now,
        debtor_id=debtor_id,
        kind=ConsentKind.GRANT,
        scope=Scope.MEDIUM,
        medium=medium,
        via=via,
        words=words,
        message_id=message_id,
    )
    await audit.record(session, now=now, actor=actor, action="opt_in", debtor_id=debtor_id, subject=medium, why=via)


async def hold(
    session: AsyncSession,
    *,
    now: datetime,
    debtor_id: int,
    reason: HoldReason | str,
    actor: str,
    account_id: int | None = None,
    contact_point_id: int | None = None,
    medium: str | None = None,
    until: datetime | None = None,
    note: str = "",
    facts: dict[str, Any] | None = None,
) -> int | None:
    """Silence for a reason: on the person, or one account, address or medium of theirs. The hold; None: it was open."""
    await silence(session, now=now, debtor_id=debtor_id, why=f"hold: {reason}", medium=medium, account_id=account_id)
    placed = await accounts.place_hold(
        session,
        now=now,
        debtor_id=debtor_id,
        reason=reason,
        account_id=account_id,
        contact_point_id=contact_point_id,
        medium=medium,
        until=until,
        source=actor,
        note=note,
        facts=facts,
    )
    if placed is not None:
        await audit.record(
            session,
            now=now,
            actor=actor,
            action="hold",
            debtor_id=debtor_id,
            subject=str(reason),
            why=note,
            account=account_id,
        )
    return placed


async def release(
    session: AsyncSession,
    *,
    now: datetime,
    debtor_id: int,
    reason: HoldReason | str,
    actor: str,
    why: str,
    account_id: int | None = None,
    hold_id: int | None = None,
) -> int:
    """End holds of a reason, with a reason of its own on the trail."""
    ended = await accounts.release_holds(
        session, now=now, debtor_id=debtor_id, reason=reason, account_id=account_id, hold_id=hold_id
    )
    if ended:
        await audit.record(
            session,
            now=now,
            actor=actor,
            action="release",
            debtor_id=debtor_id,
            subject=str(reason),
            why=why,
            account=account_id,
        )
    return ended
