"""Work for people: open a case, write a note, close it, wake what was put aside. Who works on it: `cases.claims`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.cases import claims, hours, record
from outreach.cases.models import CaseStatus, Priority


class DutyOpenError(record.CaseError):
    """The law still asks for an answer in this case. Answer or uphold the dispute first."""


class WaitingReplyError(record.CaseError):
    """A reply of this case waits for its hour. Close after it has left, or withdraw it with the close."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a hand-off got: the debtor may be told `due_at`."""

    id: int
    created: bool
    priority: str
    due_at: datetime


#: a case for this reason may not close while such a hold stands: it is what the law still waits for
DUTIES: Mapping[str, tuple[str, ...]] = {
    "dispute": ("dispute",),
    "dispute_on_plan": ("dispute",),
    "validation_request": ("validation_request", "original_creditor_request"),
}

# A second hand-off for the same reason joins the open case: it may hurry it, never slow it, and wakes it from a snooze.
_OPEN = """
insert into cases (debtor_id, account_id, reason, priority, status, opened_at, due_at, message_id, summary)
values (:debtor_id, :account_id, :reason, :priority, 'open', :now, :due_at, :message_id, cast(:summary as jsonb))
on conflict (debtor_id, reason) where status <> 'closed' do update set
  priority = (cast(:ranks as text[]))[least(array_position(cast(:ranks as text[]), excluded.priority),
                                            array_position(cast(:ranks as text[]), cases.priority))],
  due_at = least(cases.due_at, excluded.due_at),
  account_id = coalesce(cases.account_id, excluded.account_id),
  message_id = coalesce(excluded.message_id, cases.message_id),
  summary = cases.summary || excluded.summary,
  status = case when cases.status <> 'snoozed' then cases.status
                when cases.claimed_by is null then 'open' else 'claimed' end,
  snoozed_until = null,
  version = cases.version + 1
returning id, priority, due_at, version = 0 as created
"""


async def open(
    session: AsyncSession,
    *,
    now: datetime,
    debtor_id: int,
    reason: str,
    actor: str,
    priority: Priority | str = Priority.NORMAL,
    account_id: int | None = None,
    message_id: UUID | None = None,
    summary: Mapping[str, Any] | None = None,
    note: str = "",
    due_at: datetime | None = None,
) -> Opened:
    """Open a case, or join the person's open one of the same reason.

    `summary` is what the hand-off carries (intents, slots, form so far, flags; JSON). `due_at` replaces the promise of
    the priority (`cases.hours.due_at`) where a law has its own deadline.
    """
    due = due_at or hours.due_at(now, priority, office=await hours.office(session))
    statement = sa.text(_OPEN).bindparams(
        sa.bindparam("account_id", type_=sa.BigInteger), sa.bindparam("message_id", type_=sa.Uuid)
    )
    found = await session.execute(
        statement,
        {
            "debtor_id": debtor_id,
            "account_id": account_id,
            "reason": reason,
            "priority": str(priority),
            "now": now,
            "due_at": due,
            "message_id": message_id,
            "summary": json.dumps(dict(summary or {}), default=str),
            "ranks": [p.value for p in Priority],
        },
    )
    opened = Opened(**found.mappings().one())
    await record.sign(
        session,
        now=now,
        case_id=opened.id,
        debtor_id=debtor_id,
        actor=actor,
        kind="opened" if opened.created else "joined",
        note=note,
        detail={"reason": reason, "priority": str(priority), **(summary or {})},
    )
    return opened


async def note(session: AsyncSession, *, now: datetime, case_id: int, text: str, actor: str) -> None:
    """Write something for colleagues. It cannot be sent to anyone, nor changed: a correction is a further note."""
    if not text.strip():
        raise record.CaseError("Write the note before saving it.")
    case = await record.lock(session, case_id)
    await record.sign(
        session, now=now, case_id=case_id, debtor_id=case["debtor_id"], actor=actor, kind="note", note=text.strip()
    )


async def close(
    session: AsyncSession,
    *,
    now: datetime,
    case_id: int,
    staff_id: int,
    outcome: str,
    note: str = "",
    withdraw_waiting: bool = False,
) -> None:
    """End a case with an outcome in words.

    Raises DutyOpenError while the law waits for an answer, and WaitingReplyError while a reply waits for its hour,
    unless `withdraw_waiting` takes that reply back: a closed case has no future sends.
    """
    if not outcome.strip():
        raise record.CaseError("Say how the case ended.")
    case = await record.lock(session, case_id)
    await _refuse_while_due(session, case)
    await _settle_waiting(session, now=now, case_id=case_id, withdraw=withdraw_waiting)
    await record.move(
        session,
        now=now,
        case=case,
        to=CaseStatus.CLOSED,
        actor=f"staff:{staff_id}",
        kind="closed",
        note=note,
        closed_at=now,
        closed_by=staff_id,
        outcome=outcome.strip(),
    )
    await claims.hand_back(session, now=now, debtor_id=case["debtor_id"])


async def wake(session: AsyncSession, *, now: datetime) -> int:
    """End the snooze of cases whose moment came, or whose debtor wrote in the meantime; returns how many."""
    woken = await db.rows(session, _WAKE, now=now)
    for case in woken:
        await record.sign(
            session,
            now=now,
            case_id=case["id"],
            debtor_id=case["debtor_id"],
            actor="system:cases",
            kind="woken",
            note="the debtor wrote" if case["early"] else "its moment came",
        )
    return len(woken)


# An answer must not lie unread behind a snooze: the thread is held, so the robot would be silent too.
_WAKE = """
update cases set status = case when claimed_by is null then 'open' else 'claimed' end, snoozed_until = null,
  version = version + 1
from (
  select c.id, c.snoozed_until > :now as early from cases c
  where c.status = 'snoozed' and (c.snoozed_until <= :now or exists (
    select 1 from message m where m.debtor_id = c.debtor_id and m.direction = 'in' and m.created_at >
      (select max(e.at) from case_event e where e.case_id = c.id and e.kind = 'snoozed')))
) due where cases.id = due.id and cases.status = 'snoozed'
returning cases.id, cases.debtor_id, due.early
"""


async def _refuse_while_due(session: AsyncSession, case: Mapping[str, Any]) -> None:
    due = DUTIES.get(case["reason"], ())
    open_hold = "select 1 from hold where debtor_id = :d and until is null and reason = any(:reasons) limit 1"
    if due and await db.one(session, open_hold, d=case["debtor_id"], reasons=list(due)):
        raise DutyOpenError


async def _settle_waiting(session: AsyncSession, *, now: datetime, case_id: int, withdraw: bool) -> None:
    waiting = "case_id = :id and direction = 'out' and status in ('queued', 'claimed') and not_before > :now"
    if withdraw:
        await session.execute(
            sa.text(
                "update message set status = 'withdrawn', reason = 'its case was closed', settled_at = :now"
                f" where {waiting}"
            ),
            {"id": case_id, "now": now},
        )
    elif await db.one(session, f"select 1 from message where {waiting} limit 1", id=case_id, now=now):
        raise WaitingReplyError
