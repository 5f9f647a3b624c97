"""What every act on a case shares: its errors, its locked row, its double signature.

Locks are always taken in one order, so that nothing deadlocks: thread, person (`db.silence_lock`), account, plan or
dispute, case. `actor` is the audit trail's word, "staff:7" or "system:cases".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db
from outreach.cases.models import MOVES, CaseStatus
from outreach.errors import OutreachError


class CaseError(OutreachError):
    """This cannot be done with the case."""

    status = 409


class UnknownCaseError(CaseError):
    """There is no such case. Go back to the queue and choose one."""

    status = 404


class ClosedError(CaseError):
    """This case is closed. Open a new one if there is more to do."""


class TakenError(CaseError):
    """A colleague has claimed this case."""

    def __init__(self, *, by: str, at: datetime) -> None:
        super().__init__(f"Taken by {by} at {at:%H:%M %Z}. Ask them, or have a team lead reassign it.")
        self.by, self.at = by, at


_CASE = """
select c.id, c.debtor_id, c.account_id, c.reason, c.status, c.claimed_by, c.claimed_at, c.message_id, s.name as holder
from cases c left join staff s on s.id = c.claimed_by where c.id = :id
"""


async def peek(session: AsyncSession, case_id: int) -> Mapping[str, Any]:
    """The case with its holder's name, as it stands, without waiting for anyone. Raises UnknownCaseError."""
    case = await db.one(session, _CASE, id=case_id)
    if case is None:
        raise UnknownCaseError
    return case


async def lock(session: AsyncSession, case_id: int) -> Mapping[str, Any]:
    """The same, its thread and row locked until the caller's commit."""
    await session.execute(
        sa.text(
            "insert into thread (debtor_id) values (:debtor_id)"
            " on conflict (debtor_id) do update set debtor_id = thread.debtor_id"
        ),
        {"debtor_id": (await peek(session, case_id))["debtor_id"]},
    )
    case = await db.one(session, _CASE + " for update of c", id=case_id)
    assert case is not None  # cases are never deleted
    return case


async def move(
    session: AsyncSession,
    *,
    now: datetime,
    case: Mapping[str, Any],
    to: CaseStatus,
    actor: str,
    kind: str,
    note: str = "",
    **columns: Any,
) -> None:
    """Change a locked case's status by the table of moves, and other columns; signed. Raises ClosedError, CaseError."""
    if case["status"] == CaseStatus.CLOSED:
        raise ClosedError
    if to != case["status"] and to not in MOVES[case["status"]]:
        raise CaseError(f"A case that is {case['status']} cannot become {to}.")
    columns = {"snoozed_until": None, **columns, "status": str(to)}
    assignments = ", ".join(f"{name} = :{name}" for name in columns)
    await session.execute(
        sa.text(f"update cases set {assignments}, version = version + 1 where id = :id"), {"id": case["id"], **columns}
    )
    told = {name: value for name, value in columns.items() if value is not None and name != "status"}
    await sign(
        session,
        now=now,
        case_id=case["id"],
        debtor_id=case["debtor_id"],
        actor=actor,
        kind=kind,
        note=note,
        detail=told,
    )


async def sign(
    session: AsyncSession,
    *,
    now: datetime,
    case_id: int,
    debtor_id: int,
    actor: str,
    kind: str,
    note: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Every act is written twice: as an event of the case and in the sealed trail."""
    told = json.dumps(dict(detail or {}), default=str)
    await session.execute(
        sa.text(
            "insert into case_event (case_id, at, actor, kind, note, detail)"
            " values (:case_id, :now, :actor, :kind, :note, cast(:detail as jsonb))"
        ),
        {"case_id": case_id, "now": now, "actor": actor, "kind": kind, "note": note, "detail": told},
    )
    await audit.record(
        session, now=now, actor=actor, action=f"case.{kind}", debtor_id=debtor_id, subject=f"case:{case_id}", why=note
    )
