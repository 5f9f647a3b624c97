"""What a creditor reads of its accounts: figures, states and words of ours; nothing anyone said, nothing of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.disputes import queries as disputes
from outreach.partners import holds, placing
from outreach.plans import queries as plans
from outreach.plans.models import IN_FORCE

_ACCOUNT = """
select a.id, a.creditor_id, a.debtor_id, a.ref, d.ref as debtor_ref, a.status, a.currency, a.balance_cents,
  a.principal_cents, a.interest_cents, a.fees_cents, a.payments_cents, a.last_payment_date, a.created_at
from account a join debtor d on d.id = a.debtor_id where a.creditor_id = :creditor_id
"""
_DISPUTES = """
select id, kind, reason, status, scope, amount_cents, received_at, answered_at from dispute
where account_id = :id order by id desc
"""


async def accounts(
    session: AsyncSession, *, creditor_id: int, after: str = "", status: str | None = None, limit: int = 100
) -> Sequence[Mapping[str, Any]]:
    """A page in the order of references, those after `after`: it stays right however many are placed meanwhile."""
    found = await db.rows(
        session,
        _ACCOUNT + " and a.ref > :after and (cast(:status as text) is null or a.status = :status)"
        " order by a.ref limit :limit",
        creditor_id=creditor_id,
        after=after,
        status=status,
        limit=limit,
    )
    return [_told(row) for row in found]


async def account(session: AsyncSession, *, now: datetime, creditor_id: int, ref: str) -> Mapping[str, Any] | None:
    """One account with its holds, plan and disputes."""
    found = await db.one(session, _ACCOUNT + " and a.ref = :ref", creditor_id=creditor_id, ref=ref)
    if found is None:
        return None
    asked = await db.rows(session, _DISPUTES, id=found["id"])
    return {
        **_told(found),
        "holds": await holds.standing(session, now=now, account=found),
        "plan": await _plan(session, account_id=found["id"]),
        "disputes": [{**row, "answer_by": disputes.answer_by(row)} for row in asked],
    }


async def dispute_account(session: AsyncSession, *, creditor_id: int, dispute_id: int) -> int | None:
    """The account of a dispute, when it is this creditor's."""
    found = await db.one(
        session,
        "select a.id from dispute d join account a on a.id = d.account_id"
        " where d.id = :dispute_id and a.creditor_id = :creditor_id",
        dispute_id=dispute_id,
        creditor_id=creditor_id,
    )
    return found["id"] if found else None


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "debtor_ref": placing.given(row["debtor_ref"])}


async def _plan(session: AsyncSession, *, account_id: int) -> Mapping[str, Any] | None:
    """The plan in force; one only talked about is the debtor's and ours."""
    plan = await plans.of_account(session, account_id=account_id)
    return plan if plan and plan["status"] in IN_FORCE else None
