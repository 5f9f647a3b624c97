"""Writes on debtors and their addresses. Whoever silences a person goes through `messages.silence`; nothing commits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db
from outreach.accounts.models import HoldReason, PointKind, PointStatus
from outreach.errors import OutreachError


async def place_hold(
    session: AsyncSession,
    *,
    now: datetime,
    debtor_id: int,
    reason: HoldReason | str,
    account_id: int | None = None,
    contact_point_id: int | None = None,
    medium: str | None = None,
    until: datetime | None = None,
    source: str = "",
    note: str = "",
    facts: dict[str, Any] | None = None,
) -> int | None:
    """Open a hold from `now`; None when the same one is open already, a `ground` in `facts` telling two apart.

    Callers above use `messages.silence.hold`.
    """
    found = await session.execute(
        sa.text(
            "insert into hold (debtor_id, account_id, contact_point_id, medium, reason, since, until, source, note,"
            " facts) select :debtor_id, :account_id, :contact_point_id, :medium, :reason, :now, :until, :source, :note,"
            " cast(:facts as jsonb)"
            " where not exists (select 1 from hold where debtor_id = :debtor_id and reason = :reason and until is null"
            "   and account_id is not distinct from :account_id"
            "   and contact_point_id is not distinct from :contact_point_id"
            "   and medium is not distinct from :medium"
            "   and facts ->> 'ground' is not distinct from cast(:facts as jsonb) ->> 'ground')"
            " returning id"
        ).bindparams(
            sa.bindparam("account_id", type_=sa.BigInteger),
            sa.bindparam("contact_point_id", type_=sa.BigInteger),
            sa.bindparam("medium", type_=sa.Text),
            sa.bindparam("reason", type_=sa.Text),
            sa.bindparam("until", type_=sa.DateTime(timezone=True)),
        ),
        {
            "debtor_id": debtor_id,
            "account_id": account_id,
            "contact_point_id": contact_point_id,
            "medium": medium,
            "reason": str(reason),
            "now": now,
            "until": until,
            "source": source,
            "note": note,
            "facts": json.dumps(facts or {}, default=str),
        },
    )
    return found.scalar_one_or_none()


async def release_holds(
    session: AsyncSession,
    *,
    now: datetime,
    debtor_id: int,
    reason: HoldReason | str,
    account_id: int | None = None,
    hold_id: int | None = None,
) -> int:
    """End the open holds of one reason (on one account or only one of them, when given); returns how many."""
    return await db.change(
        session,
        "update hold set until = greatest(since, :now) where debtor_id = :debtor_id and reason = :reason"
        " and (until is null or until > :now) and (cast(:account_id as bigint) is null or account_id = :account_id)"
        " and (cast(:hold_id as bigint) is null or id = :hold_id)",
        now=now,
        debtor_id=debtor_id,
        reason=str(reason),
        account_id=account_id,
        hold_id=hold_id,
    )


async def mark_point(
    session: AsyncSession, *, now: datetime, address: str, status: PointStatus, actor: str, debtor_id: int | None = None
) -> list[int]:
    """Give a number or mailbox a new status, for one person or everyone who has it; returns the people concerned."""
    found = await db.rows(
        session,
        "update contact_point set status = :status, disclosure_reported_at ="
        " case when :status = 'wrong_party' then :now else disclosure_reported_at end where address = :address"
        " and status <> :status and (cast(:debtor_id as bigint) is null or debtor_id = :debtor_id)"
        " returning id, debtor_id",
        now=now,
        address=address,
        status=str(status),
        debtor_id=debtor_id,
    )
    for point in found:
        await _sign(session, now=now, actor=actor, action=f"point.{status}", point=point)
    return [point["debtor_id"] for point in found]


async def verify_point(session: AsyncSession, *, now: datetime, contact_point_id: int | None, actor: str) -> None:
    """The person behind a number or mailbox showed who they are. Said again, it changes nothing."""
    found = await db.rows(
        session,
        "update contact_point set verified_at = :now where id = :id and verified_at is null returning id, debtor_id",
        now=now,
        id=contact_point_id,
    )
    for point in found:
        await _sign(session, now=now, actor=actor, action="point.verified", point=point)


async def add_point(session: AsyncSession, *, now: datetime, debtor_id: int, address: str, actor: str) -> None:
    """A number (E.164) or mailbox the person named. Unverified, without consent: nothing goes there until it is confirmed."""
    found = await db.rows(
        session,
        "insert into contact_point (debtor_id, kind, address, area_code, source, created_at)"
        " values (:debtor_id, :kind, :address, :area, 'message', :now) on conflict do nothing returning id, debtor_id",
        debtor_id=debtor_id,
        kind=str(PointKind.EMAIL if "@" in address else PointKind.PHONE),
        address=address,
        area=address[2:5] if address.startswith("+1") else None,
        now=now,
    )
    for point in found:
        await _sign(session, now=now, actor=actor, action="point.added", point=point)


async def _sign(session: AsyncSession, *, now: datetime, actor: str, action: str, point: Mapping[str, Any]) -> None:
    subject = f"contact_point:{point['id']}"
    await audit.record(session, now=now, actor=actor, action=action, debtor_id=point["debtor_id"], subject=subject)


async def speak(session: AsyncSession, *, now: datetime, debtor_id: int, language: str, actor: str) -> None:
    """Write to the person in this language from now on."""
    changed = await db.change(
        session,
        "update debtor set language = :language where id = :id and language is distinct from :language",
        language=language,
        id=debtor_id,
    )
    if changed:
        await audit.record(session, now=now, actor=actor, action="debtor.language", debtor_id=debtor_id, why=language)


class CreditorError(OutreachError):
    """There is no creditor of this name."""

    status = 404


async def allow_sms(session: AsyncSession, *, now: datetime, name: str, reason: str, actor: str) -> None:
    """Turn texting on for a creditor's debts, with an owner's reason; an empty reason turns it off (PROV-03).

    US carriers forbid texts that collect debts owed to others; who turns this on answers for an approved sender.
    """
    changed = await db.change(
        session,
        "update creditor set sms_allowed = :reason <> '', sms_allowed_reason = :reason where name = :name",
        name=name,
        reason=reason.strip(),
    )
    if not changed:
        raise CreditorError(f"There is no creditor named {name!r}. `outreach creditor list` shows them.")
    await audit.record(session, now=now, actor=actor, action="creditor.sms", subject=name, why=reason or "turned off")
