"""What became of a validation notice sent by post."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db
from outreach.errors import OutreachError


class NoticeError(OutreachError):
    """What was said of the notice cannot be."""

    status = 409


async def returned(
    session: AsyncSession,
    *,
    now: datetime,
    debtor_id: int,
    account_id: int,
    came_back_at: datetime,
    why: str,
    actor: str,
) -> None:
    """The notice came back undelivered: for the law it was not provided (12 CFR 1006.42(a)(1)), and collection waits (CV-07).

    A notice provided anew, as the creditor's file tells it, ends this. Raises NoticeError.
    """
    await db.silence_lock(session, debtor_id)
    account = await db.one(
        session,
        "select validation_provided_at as provided_at, validation_undeliverable_at as undeliverable_at from account"
        " where id = :id and debtor_id = :debtor_id for update",
        id=account_id,
        debtor_id=debtor_id,
    )
    if account is None or account["provided_at"] is None:
        raise NoticeError("No validation notice was sent for this debt.")
    if account["undeliverable_at"] is not None:
        raise NoticeError("It is on record already that this notice came back.")
    if not account["provided_at"] <= came_back_at <= now:
        raise NoticeError("It came back after it was sent, and not in the future: choose that day.")
    # what is about to leave is judged again: the epoch stops it
    await session.execute(
        sa.text(
            "with told as (update account set validation_undeliverable_at = :at where id = :id)"
            " update debtor set epoch = epoch + 1 where id = :debtor_id"
        ),
        {"at": came_back_at, "id": account_id, "debtor_id": debtor_id},
    )
    await audit.record(
        session,
        now=now,
        actor=actor,
        action="notice.returned",
        debtor_id=debtor_id,
        subject=f"account:{account_id}",
        why=why,
        detail={"came_back_at": came_back_at.isoformat()},
    )


def end_of(day: date, *, now: datetime) -> datetime:
    """The last moment of a day on the clock of `now`, of today only what has passed of it."""
    return now if day == now.date() else datetime.combine(day, datetime.max.time(), tzinfo=now.tzinfo)
