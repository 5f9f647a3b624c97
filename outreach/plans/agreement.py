"""The debtor's yes: from now on the plan is in force, and campaigns leave its account alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.money import installments, policy
from outreach.plans import document, record, terms
from outreach.plans.models import PlanStatus
from outreach.settings import Settings


async def agree(
    session: AsyncSession,
    *,
    now: datetime,
    settings: Settings,
    plan_id: int,
    via: str,
    actor: str,
    replace: bool = False,
) -> Mapping[str, Any]:
    """The debtor's yes: instalments exactly to the balance of this moment, the agreement and its hash, campaigns yield.

    Twice is once. Raises OutsideTermsError unless approved, DatePassedError, PlanInForceError unless
    `replace` (then the old plan is cancelled), UnderReviewError. Returns the plan's row.
    """
    plan, account = await record.lock(session, plan_id)
    if plan["status"] in (PlanStatus.AGREED, PlanStatus.ACTIVE):
        return plan
    await record.require_open(session, account)
    old = await record.in_force(session, account_id=account["id"])
    if old and not (replace or plan["terms"].get("replace")):
        raise record.PlanInForceError
    if None in (plan["amount_cents"], plan["frequency"], plan["first_date"]):
        raise record.PlanError("Amount, rhythm and first date must be known before a plan can be agreed.")
    today = await terms.today_of(session, debtor_id=plan["debtor_id"], now=now)
    await _within_terms(session, now=now, plan=plan, today=today)
    if old:
        await record.move(session, now=now, plan=old, to=PlanStatus.CANCELLED, actor=actor, why=f"plan {plan_id}")
    parts = schedule(plan, balance_cents=account["balance_cents"], today=today)
    words = await document.text(session, account=account, parts=parts, today=today, settings=settings)
    await session.execute(
        sa.text(
            "insert into installment (plan_id, number, due_date, amount_cents)"
            " values (:plan_id, :number, :due, :amount)"
        ),
        [{"plan_id": plan_id, "number": p.number, "due": p.due_date, "amount": p.amount_cents} for p in parts],
    )
    regular = [part for part in parts if part.number]
    columns = {
        "agreed_at": now,
        "agreed_via": via,
        "agreement": words,
        "agreement_hash": document.fingerprint(words),
        "total_cents": account["balance_cents"],
        "count": len(regular),
        "last_cents": regular[-1].amount_cents,
    }
    await record.move(session, now=now, plan=plan, to=PlanStatus.AGREED, actor=actor, why=via, **columns)
    return {**plan, **columns, "status": PlanStatus.AGREED.value}


def schedule(plan: Mapping[str, Any], *, balance_cents: int, today: date) -> list[installments.Installment]:
    """The instalments of a plan, in sum the balance. A down payment is number 0, due today."""
    down = plan["down_payment_cents"]
    rest = balance_cents - down
    amount = min(plan["amount_cents"], rest)
    dates = installments.due_dates(first=plan["first_date"], frequency=plan["frequency"], count=-(-rest // amount))
    parts = installments.schedule(total_cents=rest, amount_cents=amount, dates=dates)
    if not down:
        return parts
    return [installments.Installment(number=0, due_date=today, amount_cents=down), *parts]


async def _within_terms(session: AsyncSession, *, now: datetime, plan: Mapping[str, Any], today: date) -> None:
    """Ask the policy again: balance or day may have moved since the offer. A person's approval covers the figures."""
    if plan["first_date"] < today:
        raise record.DatePassedError
    if plan["approved_by"]:
        return
    found = await terms.quote(
        session,
        now=now,
        account_id=plan["account_id"],
        frequency=plan["frequency"],
        first_date=plan["first_date"],
        amount_cents=plan["amount_cents"],
        down_payment_cents=plan["down_payment_cents"],
    )
    if found.verdict in (policy.Verdict.DATE_TOO_EARLY, policy.Verdict.DATE_TOO_LATE):
        raise record.DatePassedError
    if found.verdict is policy.Verdict.BELOW:
        raise record.OutsideTermsError
