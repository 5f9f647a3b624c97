"""What a turn does to plans and promises: the same services as portal and desk, so that one policy gives one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from dialogs import turn as t
from outreach import db
from outreach.cases import service as cases
from outreach.errors import OutreachError
from outreach.plans import agreement, changes, promises
from outreach.plans import service as plans
from outreach.plans.models import PlanStatus

if TYPE_CHECKING:
    from outreach.conversations.deeds import Doing

log = structlog.get_logger()


async def do(d: Doing, outcome: t.Outcome) -> None:
    """One wish, all or nothing. What a service refuses goes to a person; the rest of the turn stands."""
    try:
        async with d.session.begin_nested():
            await _do(d, outcome)
    except OutreachError as refused:
        log.info("wish_refused", wish=type(outcome).__name__, why=str(refused))
        await cases.open(
            d.session,
            now=d.now,
            debtor_id=d.debtor_id,
            reason="plan_exception",
            actor=d.actor,
            message_id=d.message["id"],
            summary={"message": d.message["text"][:1000], "wish": type(outcome).__name__, "refused": str(refused)},
        )


async def _do(d: Doing, outcome: t.Outcome) -> None:
    match outcome:
        case t.WantsPlan():
            await _plan(d, outcome)
        case t.DropsPlan():
            for account_id in _accounts(d, outcome.account_ref):
                await plans.drop(d.session, now=d.now, account_id=account_id, actor=d.actor, why="left open too long")
        case t.CancelsPlan():
            for account_id in _accounts(d, outcome.account_ref):
                await changes.cancel(
                    d.session, now=d.now, account_id=account_id, actor=d.actor, why="the debtor's wish"
                )
        case t.SuspendsPlan():
            for account_id in _accounts(d, outcome.account_ref):
                await changes.suspend(d.session, now=d.now, account_id=account_id, actor=d.actor, why="disputed")
        case t.MovesPayment():
            await _move(d, outcome)
        case t.Promises():
            await promises.promise(
                d.session,
                now=d.now,
                debtor_id=d.debtor_id,
                date=outcome.date,
                actor=d.actor,
                amount_cents=outcome.amount_cents,
                account_id=d.account_id(outcome.account_ref),
                message_id=d.message["id"],
            )
        case _:
            raise AssertionError(f"no deed for {type(outcome).__name__}")


async def _plan(d: Doing, wish: t.WantsPlan) -> None:
    account_id = d.account_id(wish.account_ref)
    if account_id is None:
        raise OutreachError("The account this plan is for is not open.")
    agreed = wish.status == PlanStatus.AGREED
    plan_id = await plans.draft(
        d.session,
        now=d.now,
        account_id=account_id,
        status=PlanStatus.PROPOSED if agreed else wish.status,
        via=d.via,
        actor=d.actor,
        amount_cents=wish.amount_cents,
        frequency=wish.frequency,
        first_date=wish.start,
        count=wish.count,
        last_cents=wish.last_cents,
        down_payment_cents=wish.down_payment_cents,
    )
    if agreed:
        await agreement.agree(
            d.session, now=d.now, settings=d.context.settings, plan_id=plan_id, via=d.via, actor=d.actor, replace=True
        )


async def _move(d: Doing, wish: t.MovesPayment) -> None:
    account_id = d.account_id(wish.account_ref)
    plan = await db.one(
        d.session,
        "select id from plan where account_id = :a and status in ('agreed', 'active') limit 1",
        a=account_id,
    )
    if plan is None:
        raise OutreachError("There is no running plan to move a payment of.")
    await changes.move_payment(
        d.session, now=d.now, plan_id=plan["id"], old_date=wish.old_date, new_date=wish.new_date, actor=d.actor
    )


def _accounts(d: Doing, ref: str | None) -> list[int]:
    """The account named, or all of the person's."""
    if ref:
        found = d.account_id(ref)
        return [found] if found is not None else []
    return [a["id"] for a in d.person["accounts"] or []]
