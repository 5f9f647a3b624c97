"""What may happen to a plan in force: suspended, resumed, cancelled, one payment moved or skipped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.accounts import ledger
from outreach.money import installments
from outreach.plans import record, terms
from outreach.plans.models import PlanStatus

#: how far one payment may be moved, once each (dialog-spec 7.6)
MOVE_DAYS = 10
#: payments that may go to the end of a plan without a person
SKIPS = 1


class MoveRefusedError(record.PlanError):
    """This payment cannot be moved there by itself: once each, by up to ten days. A person can look at more."""


async def suspend(session: AsyncSession, *, now: datetime, account_id: int, actor: str, why: str) -> int | None:
    """Rest the account's plan during a review: nothing falls due. Returns its id, None when none is in force.

    Whoever opens a dispute calls this first and tells `disputes.open(on_plan=True)`. Once no review is open the plan goes
    on by itself (`plans.reviews`).
    """
    await ledger.lock(session, account_id)
    plan = await record.in_force(session, account_id=account_id)
    if plan is None or plan["status"] not in (PlanStatus.AGREED, PlanStatus.ACTIVE):
        return None
    await record.move(session, now=now, plan=plan, to=PlanStatus.SUSPENDED, actor=actor, why=why)
    return int(plan["id"])


async def resume(session: AsyncSession, *, now: datetime, plan_id: int, actor: str, why: str) -> None:
    """Go on: what is unpaid falls due on the plan's own days from today on. Refused while a review is open.

    A balance corrected in the meantime shortens the plan from its end.
    """
    plan, account = await record.lock(session, plan_id)
    await record.require_open(session, account)
    await _fit(session, plan_id=plan_id, balance_cents=account["balance_cents"])
    parts = await _unpaid(session, plan_id)
    today = await terms.today_of(session, debtor_id=plan["debtor_id"], now=now)
    for part, due in zip(parts, _days_from(plan, today), strict=False):
        await _set_due(session, part["id"], due, missed_at=None)
    paid = await session.scalar(
        sa.text("select exists (select 1 from installment where plan_id = :id and paid_cents > 0)"), {"id": plan_id}
    )
    to = PlanStatus.ACTIVE if paid else PlanStatus.AGREED
    await record.move(session, now=now, plan=plan, to=to, actor=actor, why=why)


async def cancel(session: AsyncSession, *, now: datetime, account_id: int, actor: str, why: str) -> int | None:
    """End the account's plan, in force or talked about; nothing falls due any more. Returns the plan's id."""
    await ledger.lock(session, account_id)
    plan = await record.in_force(session, account_id=account_id)
    plan = plan or await record.talked_about(session, account_id=account_id)
    if plan is None:
        return None
    await record.move(session, now=now, plan=plan, to=PlanStatus.CANCELLED, actor=actor, why=why)
    return int(plan["id"])


async def move_payment(
    session: AsyncSession, *, now: datetime, plan_id: int, old_date: date, new_date: date, actor: str
) -> None:
    """Pay one instalment up to ten days later, once. Raises MoveRefusedError: a person decides (`plan_exception`)."""
    plan, part = await _part(session, plan_id, old_date)
    today = await terms.today_of(session, debtor_id=plan["debtor_id"], now=now)
    within = old_date <= new_date <= old_date + timedelta(days=MOVE_DAYS) and new_date >= today
    if not within or part["moved_from"] is not None:
        raise MoveRefusedError
    await _set_due(session, part["id"], new_date, moved_from=old_date, reminded_at=None)
    await record.change(session, plan_id=plan_id, moves_used=plan["moves_used"] + 1)
    await record.tell(
        session, now=now, plan=plan, actor=actor, action="plan.payment_moved", why=f"{old_date} to {new_date}"
    )


async def skip_payment(session: AsyncSession, *, now: datetime, plan_id: int, due_date: date, actor: str) -> date:
    """Put one instalment behind the last, once a plan; returns its new date."""
    plan, part = await _part(session, plan_id, due_date)
    if plan["skips_used"] >= SKIPS or part["number"] == 0:
        raise MoveRefusedError("One payment of a plan can be skipped by itself. A person can look at more.")
    last = (await _unpaid(session, plan_id))[-1]["due_date"]
    due = next(day for day in _days_from(plan, last) if day > last)
    await _set_due(session, part["id"], due, moved_from=due_date, reminded_at=None)
    await record.change(session, plan_id=plan_id, skips_used=plan["skips_used"] + 1)
    await record.tell(
        session, now=now, plan=plan, actor=actor, action="plan.payment_skipped", why=f"{due_date} to {due}"
    )
    return due


async def _part(session: AsyncSession, plan_id: int, due_date: date) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    plan, _ = await record.lock(session, plan_id)
    if plan["status"] not in (PlanStatus.AGREED, PlanStatus.ACTIVE):
        raise record.PlanError(f"This plan is {plan['status']}: its payments cannot be moved.")
    part = next((part for part in await _unpaid(session, plan_id) if part["due_date"] == due_date), None)
    if part is None:
        raise record.PlanError(f"No payment of this plan is still due on {due_date}.")
    return plan, part


async def _unpaid(session: AsyncSession, plan_id: int) -> list[Mapping[str, Any]]:
    return await db.rows(
        session,
        "select * from installment where plan_id = :id and paid_cents < amount_cents order by due_date, number",
        id=plan_id,
    )


def _days_from(plan: Mapping[str, Any], day: date) -> Iterator[date]:
    """The plan's own days from a day on, without end: each counted from the first, so that a 31st comes back."""
    for number in count(1):
        due = installments.due_dates(first=plan["first_date"], frequency=plan["frequency"], count=number)[-1]
        if due >= day:
            yield due


async def _fit(session: AsyncSession, *, plan_id: int, balance_cents: int) -> None:
    """Take what is no longer owed off the last instalments, so that their sum is again what is owed."""
    for part in reversed(await _unpaid(session, plan_id)):
        left = await session.scalar(
            sa.text("select sum(amount_cents - paid_cents)::bigint from installment where plan_id = :id"),
            {"id": plan_id},
        )
        off = min(left - balance_cents, part["amount_cents"] - part["paid_cents"])
        if off <= 0:
            break
        await session.execute(
            sa.text(
                "delete from installment where id = :id"
                if off == part["amount_cents"]
                else "update installment set amount_cents = amount_cents - :off where id = :id"
            ),
            {"id": part["id"], "off": off},
        )
        await session.execute(
            sa.text("update plan set total_cents = total_cents - :off where id = :id"), {"off": off, "id": plan_id}
        )


async def _set_due(session: AsyncSession, part_id: int, due_date: date, **columns: Any) -> None:
    assignments = ", ".join(f"{name} = :{name}" for name in columns)
    await session.execute(
        sa.text(f"update installment set due_date = :due_date, {assignments} where id = :id"),
        {"due_date": due_date, "id": part_id, **columns},
    )
