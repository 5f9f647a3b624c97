"""Money comes in and everything follows: ledger, instalments, promises, the plan's end. The one door for payments.

Web, command line and jobs call `apply_payment`; `payments.service.record` below it knows nothing of plans.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.accounts import ledger
from outreach.cases import service as cases
from outreach.messages import outbox, phrases
from outreach.messages.drafts import Draft, Submitted
from outreach.money import cents
from outreach.payments import service as payments
from outreach.plans import promises, record
from outreach.plans.models import PlanStatus
from outreach.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A recorded payment, and what followed it."""

    payment: payments.Recorded
    plan_id: int | None = None
    plan_status: str | None = None
    promises_kept: Sequence[int] = ()
    #: opened for a credit to give back, or a reversal that reaches a completed plan
    case_id: int | None = None
    receipt: Submitted | None = None


async def apply_payment(
    session: AsyncSession,
    *,
    now: datetime,
    account_id: int,
    amount_cents: int,
    paid_at: datetime,
    reference: str,
    actor: str,
    method: str = "",
    source: str = "",
    settings: Settings | None = None,
) -> Applied:
    """Record a payment or (negative) its reversal, and let plan, promises and cases follow. Twice is once.

    With `settings` the debtor gets a receipt, as far as the gate allows; money taken back is told by a person.
    """
    await ledger.lock(session, account_id)
    paid = await payments.record(
        session,
        now=now,
        account_id=account_id,
        amount_cents=amount_cents,
        paid_at=paid_at,
        reference=reference,
        actor=actor,
        method=method,
        source=source,
    )
    if not paid.created:
        return Applied(payment=paid)
    plan = await _plan(session, account_id)
    status = None
    if plan:
        await (
            _pay(session, plan["id"], amount_cents)
            if amount_cents > 0
            else _take_back(session, plan["id"], -amount_cents)
        )
        status = await _follow(session, now=now, plan=plan, paid=paid, actor=actor)
    if paid.paid_in_full:
        await _end_talk(session, now=now, account_id=account_id, actor=actor)
    kept = await promises.keep(session, now=now, debtor_id=paid.debtor_id, account_id=account_id)
    case_id = await _ask_a_person(session, now=now, paid=paid, plan=plan, actor=actor)
    receipt = await _receipt(session, now=now, paid=paid, paid_at=paid_at, settings=settings)
    return Applied(
        payment=paid,
        plan_id=plan["id"] if plan else None,
        plan_status=status,
        promises_kept=kept,
        case_id=case_id,
        receipt=receipt,
    )


async def _plan(session: AsyncSession, account_id: int) -> Mapping[str, Any] | None:
    """The plan in force, else the newest completed one, which a reversal may reach."""
    return await db.one(
        session,
        "select * from plan where account_id = :id"
        " and status in ('agreed', 'active', 'suspended', 'broken', 'completed')"
        " order by status = 'completed', id desc limit 1 for update",
        id=account_id,
    )


async def _pay(session: AsyncSession, plan_id: int, amount_cents: int) -> None:
    """Fill instalments in the order they fall due; what is more than all of them stays on the ledger only."""
    await session.execute(
        sa.text(
            "update installment i set paid_cents = i.paid_cents + greatest(least(w.owed, :amount - w.before), 0) from ("
            " select id, amount_cents - paid_cents as owed,"
            " coalesce(sum(amount_cents - paid_cents) over (order by due_date, number"
            "   rows between unbounded preceding and 1 preceding), 0) as before from installment where plan_id = :id) w"
            " where w.id = i.id and w.owed > 0 and w.before < :amount"
        ),
        {"amount": amount_cents, "id": plan_id},
    )


async def _take_back(session: AsyncSession, plan_id: int, amount_cents: int) -> None:
    """Empty instalments again, the last paid first."""
    await session.execute(
        sa.text(
            "update installment i set paid_cents = i.paid_cents - greatest(least(w.paid, :amount - w.before), 0) from ("
            " select id, paid_cents as paid, coalesce(sum(paid_cents) over (order by due_date desc, number desc"
            "   rows between unbounded preceding and 1 preceding), 0) as before from installment where plan_id = :id) w"
            " where w.id = i.id and w.paid > 0 and w.before < :amount"
        ),
        {"amount": amount_cents, "id": plan_id},
    )


async def _follow(
    session: AsyncSession, *, now: datetime, plan: Mapping[str, Any], paid: payments.Recorded, actor: str
) -> str:
    """The plan's status after its instalments moved: completed, cured, or begun."""
    state = await db.one(
        session,
        "select coalesce(sum(amount_cents - paid_cents), 0)::bigint as open,"
        " count(*) filter (where missed_at is not null and paid_cents < amount_cents) as missed"
        " from installment where plan_id = :id",
        id=plan["id"],
    )
    assert state is not None  # an aggregate
    status = PlanStatus(plan["status"])
    to = status
    if status is not PlanStatus.COMPLETED and (state["open"] == 0 or paid.paid_in_full):
        to = PlanStatus.COMPLETED
    elif paid.amount_cents > 0 and (
        status is PlanStatus.AGREED or (status is PlanStatus.BROKEN and not state["missed"])
    ):
        to = PlanStatus.ACTIVE
    if to is not status:
        await record.move(session, now=now, plan=plan, to=to, actor=actor, why=f"paid {cents.show(paid.amount_cents)}")
    return to


async def _end_talk(session: AsyncSession, *, now: datetime, account_id: int, actor: str) -> None:
    """Nothing is owed any more: a plan still talked about is over."""
    talk = await record.talked_about(session, account_id=account_id)
    if talk:
        await record.move(session, now=now, plan=talk, to=PlanStatus.CANCELLED, actor=actor, why="paid in full")


async def _receipt(
    session: AsyncSession, *, now: datetime, paid: payments.Recorded, paid_at: datetime, settings: Settings | None
) -> Submitted | None:
    if settings is None or paid.amount_cents < 0:
        return None
    language = await session.scalar(sa.text("select language from debtor where id = :id"), {"id": paid.debtor_id})
    receipt = Draft(
        debtor_id=paid.debtor_id,
        channel="preferred",
        purpose="payment_received",
        template="payment_received",
        values={"amount": cents.show(paid.amount_cents), "paid_date": phrases.day(paid_at.date(), language or "en")},
        account_ids=[paid.account_id],
        expires_at=now + timedelta(days=3),
    )
    return await outbox.submit(session, receipt, now=now, settings=settings)


async def _ask_a_person(
    session: AsyncSession, *, now: datetime, paid: payments.Recorded, plan: Mapping[str, Any] | None, actor: str
) -> int | None:
    """A credit is given back by a person; so is a plan looked at whose payments were taken back after its end."""
    reached = paid.amount_cents < 0 and plan is not None and plan["status"] == PlanStatus.COMPLETED
    if not paid.credit_cents and not reached:
        return None
    opened = await cases.open(
        session,
        now=now,
        debtor_id=paid.debtor_id,
        account_id=paid.account_id,
        reason="payment_check",
        actor=actor,
        summary={"payment_id": paid.id, "credit_cents": paid.credit_cents, "reversed_after_completion": reached},
    )
    return opened.id
