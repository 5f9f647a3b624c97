"""Who works on a case, and who therefore speaks in its thread: claim, release, snooze, reassign.

While anyone has claimed a case of a person, `thread.held_by` names them: robot and campaigns are silent on it.
Releasing or closing hands the thread back: to the next colleague with a case of that person, else to the robot.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.cases import record
from outreach.cases.models import CaseStatus
from outreach.messages import silence


async def claim(session: AsyncSession, *, now: datetime, case_id: int, staff_id: int) -> None:
    """Take a case and its thread. One owner: the others get TakenError saying by whom and when. Twice is once."""
    # Most who come second are told at once; only the rest wait for the first one to commit.
    for look in (record.peek, record.lock):
        case = await look(session, case_id)
        if case["status"] == CaseStatus.CLOSED or case["claimed_by"] is None:
            continue
        if case["claimed_by"] != staff_id:
            raise record.TakenError(by=case["holder"], at=case["claimed_at"])
        if case["status"] == CaseStatus.CLAIMED:
            return
    await _own(session, now=now, case=case, staff_id=staff_id, actor=f"staff:{staff_id}", kind="claimed")


async def reassign(
    session: AsyncSession, *, now: datetime, case_id: int, to_staff_id: int, actor: str, note: str = ""
) -> None:
    """Hand a case and its thread to a colleague, whoever had it."""
    case = await record.lock(session, case_id)
    await _own(session, now=now, case=case, staff_id=to_staff_id, actor=actor, kind="reassigned", note=note)
    await _hold(session, now=now, debtor_id=case["debtor_id"], staff_id=to_staff_id)


async def release(session: AsyncSession, *, now: datetime, case_id: int, actor: str, note: str = "") -> None:
    """Give a case back to the queue and its thread to the robot."""
    case = await record.lock(session, case_id)
    await record.move(
        session,
        now=now,
        case=case,
        to=CaseStatus.OPEN,
        actor=actor,
        kind="released",
        note=note,
        claimed_by=None,
        claimed_at=None,
    )
    await hand_back(session, now=now, debtor_id=case["debtor_id"])


async def snooze(
    session: AsyncSession, *, now: datetime, case_id: int, until: datetime, actor: str, note: str = ""
) -> None:
    """Put a case aside until a future moment. It keeps its owner and wakes to them, earlier when the debtor writes."""
    if until <= now:
        raise record.CaseError("Choose a moment in the future to be reminded of this case.")
    case = await record.lock(session, case_id)
    await record.move(
        session, now=now, case=case, to=CaseStatus.SNOOZED, actor=actor, kind="snoozed", note=note, snoozed_until=until
    )


async def hand_back(session: AsyncSession, *, now: datetime, debtor_id: int) -> None:
    """Give the thread to the next colleague who has a case of this person, else to the robot."""
    following = await session.scalar(
        sa.text(
            "select claimed_by from cases where debtor_id = :d and status <> 'closed' and claimed_by is not null"
            " order by claimed_at limit 1"
        ),
        {"d": debtor_id},
    )
    await _hold(session, now=now, debtor_id=debtor_id, staff_id=following)


async def _own(
    session: AsyncSession,
    *,
    now: datetime,
    case: Mapping[str, Any],
    staff_id: int,
    actor: str,
    kind: str,
    note: str = "",
) -> None:
    """The person is silenced before the case is theirs: nothing automated leaves after the caller commits."""
    if case["status"] != CaseStatus.CLOSED:
        await silence.silence(session, now=now, debtor_id=case["debtor_id"], why="a person took over")
    await record.move(
        session,
        now=now,
        case=case,
        to=CaseStatus.CLAIMED,
        actor=actor,
        kind=kind,
        note=note,
        claimed_by=staff_id,
        claimed_at=now,
    )
    await session.execute(
        sa.text("update thread set held_by = :staff_id, held_at = :now where debtor_id = :d and held_by is null"),
        {"staff_id": staff_id, "now": now, "d": case["debtor_id"]},
    )


async def _hold(session: AsyncSession, *, now: datetime, debtor_id: int, staff_id: int | None) -> None:
    await session.execute(
        sa.text(
            "update thread set held_by = :staff_id, held_at = :at"
            " where debtor_id = :d and held_by is distinct from :staff_id"
        ).bindparams(sa.bindparam("staff_id", type_=sa.BigInteger)),
        {"staff_id": staff_id, "at": now if staff_id else None, "d": debtor_id},
    )
