"""Reads on disputes. One is carried forever, late or answered: a disputed debt is reported as such (DISP-05)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db

#: The law freezes without a limit; this is the house's own promise to the debtor.
ANSWER_WITHIN = timedelta(days=30)

_DISPUTES = """
select p.id, p.account_id, p.debtor_id, p.kind, p.reason, p.status, p.scope, p.amount_cents, p.via, p.text,
p.received_at, p.timely, p.message_id, p.same_as_id, p.answered_at, p.answer_method, p.answer_undeliverable_at,
p.answer, a.ref as account_ref, k.name as creditor,
  p.status in ('open', 'duplicate') as pending
from dispute p join account a on a.id = p.account_id join creditor k on k.id = a.creditor_id
"""


async def of_debtor(session: AsyncSession, *, debtor_id: int) -> Sequence[Mapping[str, Any]]:
    """Every dispute and request of a person, newest first, with `pending` and `answer_by`."""
    found = await db.rows(
        session, _DISPUTES + " where p.debtor_id = :id order by p.received_at desc, p.id desc", id=debtor_id
    )
    return [{**row, "answer_by": answer_by(row)} for row in found]


async def dispute(session: AsyncSession, *, dispute_id: int) -> Mapping[str, Any] | None:
    found = await db.one(session, _DISPUTES + " where p.id = :id", id=dispute_id)
    return {**found, "answer_by": answer_by(found)} if found else None


def answer_by(row: Mapping[str, Any]) -> date:
    """The day by which the debtor is promised an answer."""
    day: date = (row["received_at"] + ANSWER_WITHIN).date()
    return day
