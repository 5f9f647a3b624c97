"""What a colleague decides about a plan: approve what lies outside the terms, counter it, decline it.

The right to decide comes from the role at this moment (`staff.permissions`, "plans.approve"); a case manager may
counter inside the terms. An approval covers figures, never a yes: unless the debtor had accepted exactly this plan,
they still say it.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.money import policy
from outreach.plans import agreement, record, terms
from outreach.plans.models import PlanStatus
from outreach.settings import Settings
from outreach.staff import permissions


async def approve(
    session: AsyncSession, *, now: datetime, settings: Settings, plan_id: int, staff_id: int, why: str
) -> str:
    """Let a plan in review through; returns its status: agreed when the debtor had accepted it, else proposed to them.

    Raises ForbiddenError without the authority, PlanError unless the plan is in review.
    """
    await _require(session, staff_id, "plans.approve")
    plan, _ = await record.lock(session, plan_id)
    if plan["status"] != PlanStatus.REVIEW:
        raise record.PlanError(f"This plan is {plan['status']}, so there is nothing to approve.")
    actor = f"staff:{staff_id}"
    await record.move(
        session, now=now, plan=plan, to=PlanStatus.PROPOSED, actor=actor, why=why, approved_by=staff_id, proposed_at=now
    )
    if not plan["terms"].get("accepted"):
        return PlanStatus.PROPOSED
    await agreement.agree(session, now=now, settings=settings, plan_id=plan_id, via="staff", actor=actor)
    return PlanStatus.AGREED


async def counter(
    session: AsyncSession,
    *,
    now: datetime,
    plan_id: int,
    staff_id: int,
    amount_cents: int,
    frequency: str,
    first_date: date,
    down_payment_cents: int = 0,
    why: str = "",
) -> policy.Quote:
    """Offer other figures; the debtor's yes makes them agreed. Outside the terms it needs "plans.approve"."""
    plan, account = await record.lock(session, plan_id)
    await record.require_open(session, account)
    found = await terms.quote(
        session,
        now=now,
        account_id=account["id"],
        frequency=frequency,
        first_date=first_date,
        amount_cents=amount_cents,
        down_payment_cents=down_payment_cents,
    )
    if found.verdict is policy.Verdict.ABOVE_BALANCE:
        raise record.PlanError("An instalment cannot be more than is owed.")
    outside = found.verdict is not policy.Verdict.MEETS
    await _require(session, staff_id, "plans.approve" if outside else "plans.propose")
    offer: dict[str, Any] = {
        "amount_cents": amount_cents,
        "frequency": frequency,
        "first_date": first_date,
        "down_payment_cents": down_payment_cents,
        "total_cents": account["balance_cents"],
        "approved_by": staff_id if outside else None,
        "proposed_via": "staff",
        "proposed_at": now,
        "terms": json.dumps({**plan["terms"], "accepted": False, "countered_by": staff_id}),
    }
    rest = account["balance_cents"] - down_payment_cents
    offer["count"] = -(-rest // amount_cents)
    offer["last_cents"] = rest - amount_cents * (offer["count"] - 1)
    await record.move(session, now=now, plan=plan, to=PlanStatus.COUNTERED, actor=f"staff:{staff_id}", why=why, **offer)
    return found


async def decline(session: AsyncSession, *, now: datetime, plan_id: int, staff_id: int, why: str) -> None:
    """Say no to a plan in review, with the reason the debtor will be given."""
    await _require(session, staff_id, "plans.propose")
    if not why.strip():
        raise record.PlanError("Give the reason: the debtor will be told.")
    plan, _ = await record.lock(session, plan_id)
    if plan["status"] != PlanStatus.REVIEW:
        raise record.PlanError(f"This plan is {plan['status']}, so there is nothing to decline.")
    await record.move(session, now=now, plan=plan, to=PlanStatus.CANCELLED, actor=f"staff:{staff_id}", why=why.strip())


async def _require(session: AsyncSession, staff_id: int, act: str) -> None:
    found = await db.one(session, "select role from staff where id = :id and disabled_at is null", id=staff_id)
    if found is None:
        raise permissions.ForbiddenError
    permissions.require(found["role"], act)
