"""What every act on a plan shares: its errors, its locked row, the table of moves, its signature on the trail.

Locks go person, account, plan. A plan lives on one account; at most one is talked about and one in force (constraints).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db
from outreach.accounts import ledger
from outreach.accounts.models import HoldReason
from outreach.errors import OutreachError
from outreach.messages import silence
from outreach.plans.models import IN_FORCE, MOVES, OPEN, PlanStatus


class PlanError(OutreachError):
    """This cannot be done with the plan."""

    status = 409


class UnknownPlanError(PlanError):
    """There is no such plan."""

    status = 404


class PlanInForceError(PlanError):
    """There is a plan on this account already. Say that the new one is to replace it, or keep the old one."""


class UnderReviewError(PlanError):
    """This account is under review, so no plan can be made on it now. A person will be in touch."""


class NothingOwedError(PlanError):
    """There is nothing to pay on this account."""


class OutsideTermsError(PlanError):
    """This plan is outside the creditor's terms. Send it to a person, or choose what the terms allow."""


class DatePassedError(PlanError):
    """The first payment date has passed, or lies too far ahead. Choose another one."""


#: while one of these stands on the account or its person, no plan is made: a person looks first
BLOCKING = (
    HoldReason.DISPUTE,
    HoldReason.VALIDATION_REQUEST,
    HoldReason.ORIGINAL_CREDITOR_REQUEST,
    HoldReason.BANKRUPTCY,
    HoldReason.DECEASED,
    HoldReason.MINOR,
    HoldReason.IDENTITY_THEFT,
    HoldReason.ATTORNEY,
)


async def lock(session: AsyncSession, plan_id: int) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The plan and its account, locked until the caller's commit. Raises UnknownPlanError."""
    account_id = await session.scalar(sa.text("select account_id from plan where id = :id"), {"id": plan_id})
    if account_id is None:
        raise UnknownPlanError
    account = await ledger.lock(session, account_id)
    plan = await db.one(session, "select * from plan where id = :id for update", id=plan_id)
    assert plan is not None  # plans are never deleted
    return plan, account


async def in_force(session: AsyncSession, *, account_id: int) -> Mapping[str, Any] | None:
    """The plan in force on a locked account."""
    return await _of(session, account_id=account_id, statuses=IN_FORCE)


async def talked_about(session: AsyncSession, *, account_id: int) -> Mapping[str, Any] | None:
    """The plan not agreed yet on a locked account."""
    return await _of(session, account_id=account_id, statuses=OPEN)


async def _of(session: AsyncSession, *, account_id: int, statuses: tuple[PlanStatus, ...]) -> Mapping[str, Any] | None:
    return await db.one(
        session,
        "select * from plan where account_id = :id and status = any(:statuses) for update",
        id=account_id,
        statuses=[s.value for s in statuses],
    )


async def require_open(session: AsyncSession, account: Mapping[str, Any]) -> None:
    """Raise unless a plan may be made on the account: something is owed and nothing is under review."""
    if account["balance_cents"] <= 0 or account["status"] != "open":
        raise NothingOwedError
    blocked = await db.one(
        session,
        "select 1 from hold where debtor_id = :d and (account_id is null or account_id = :a) and until is null"
        " and reason = any(:reasons) limit 1",
        d=account["debtor_id"],
        a=account["id"],
        reasons=[reason.value for reason in BLOCKING],
    )
    if blocked:
        raise UnderReviewError


async def move(
    session: AsyncSession,
    *,
    now: datetime,
    plan: Mapping[str, Any],
    to: PlanStatus,
    actor: str,
    why: str = "",
    **columns: Any,
) -> None:
    """Change a locked plan's status by the table of moves, and other columns; signed on the trail."""
    if to != plan["status"] and to not in MOVES[plan["status"]]:
        raise PlanError(f"A plan that is {plan['status']} cannot become {to}.")
    if to in (PlanStatus.CANCELLED, PlanStatus.COMPLETED):
        columns = {"ended_at": now, "end_reason": why, **columns}
    await change(session, plan_id=plan["id"], status=to.value, **columns)
    if to in (PlanStatus.AGREED, PlanStatus.ACTIVE):
        # Campaigns yield to a plan that is kept, also to one that was broken and is kept again.
        await silence.hold(
            session,
            now=now,
            debtor_id=plan["debtor_id"],
            account_id=plan["account_id"],
            reason=HoldReason.PLAN,
            actor=actor,
            facts={"plan_id": plan["id"]},
        )
    elif plan["status"] in IN_FORCE and to is not PlanStatus.SUSPENDED:
        await silence.release(
            session,
            now=now,
            debtor_id=plan["debtor_id"],
            account_id=plan["account_id"],
            reason=HoldReason.PLAN,
            actor=actor,
            why=f"the plan is {to}",
        )
    await tell(session, now=now, plan=plan, actor=actor, action=f"plan.{to}", why=why)


async def change(session: AsyncSession, *, plan_id: int, **columns: Any) -> None:
    assignments = ", ".join(
        f"{name} = cast(:{name} as jsonb)" if name == "terms" else f"{name} = :{name}" for name in columns
    )
    await session.execute(sa.text(f"update plan set {assignments} where id = :id"), {"id": plan_id, **columns})


async def tell(
    session: AsyncSession,
    *,
    now: datetime,
    plan: Mapping[str, Any],
    actor: str,
    action: str,
    why: str = "",
    **detail: Any,
) -> None:
    await audit.record(
        session,
        now=now,
        actor=actor,
        action=action,
        debtor_id=plan["debtor_id"],
        subject=f"plan:{plan['id']}",
        why=why,
        **detail,
    )
