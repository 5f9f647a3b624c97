"""Plans: the same answer at every door, one in force, exact to the cent, followed by what is paid."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.cases import service as cases
from outreach.context import Context
from outreach.disputes import service as disputes
from outreach.plans import agreement, changes, desk, document, following, promises, queries, record, service
from outreach.settings import Settings
from outreach.staff import permissions
from tests.nouns import cast

START = date(2026, 3, 31)


async def _propose(
    session: AsyncSession, settings: Settings, now: Any, account_id: int, **values: Any
) -> service.Proposed:
    wish = {"amount_cents": 5_500, "frequency": "monthly", "first_date": START, "via": "portal", "actor": "debtor:1"}
    return await service.propose(session, now=now, settings=settings, account_id=account_id, **{**wish, **values})


async def _agreed(session: AsyncSession, settings: Settings, now: Any, **values: Any) -> tuple[int, int]:
    account_id = await cast.account(session, now=now)
    plan = await _propose(session, settings, now, account_id, accepted=True, **values)
    assert plan.plan_id is not None
    return account_id, plan.plan_id


async def test_a_wish_within_the_terms_is_agreed_to_the_cent(
    session: AsyncSession, settings: Settings, now: Any
) -> None:
    _, plan_id = await _agreed(session, settings, now)
    plan = await queries.plan(session, plan_id=plan_id) or {}
    assert plan["status"] == "agreed"
    assert sum(part["amount_cents"] for part in plan["parts"]) == plan["total_cents"] == 60_000
    assert [part["due_date"].isoformat() for part in plan["parts"][:3]] == ["2026-03-31", "2026-04-30", "2026-05-31"]
    assert (plan["count"], plan["last_cents"], plan["parts"][-1]["amount_cents"]) == (11, 5_000, 5_000)
    assert document.fingerprint(plan["agreement"]) == plan["agreement_hash"]
    assert "$55.00" in plan["agreement"]
    assert await cast.holds(session, debtor_id=await cast.debtor(session, now=now)) == {"plan"}


async def test_a_down_payment_is_part_of_the_sum(session: AsyncSession, settings: Settings, now: Any) -> None:
    _, plan_id = await _agreed(session, settings, now, down_payment_cents=10_000)
    plan = await queries.plan(session, plan_id=plan_id) or {}
    assert (plan["parts"][0]["number"], plan["parts"][0]["amount_cents"]) == (0, 10_000)
    assert sum(part["amount_cents"] for part in plan["parts"]) == 60_000


@pytest.mark.parametrize(
    ("wish", "status", "verdict"),
    [
        ({}, "proposed", "meets"),
        ({"amount_cents": None, "count": 10}, "proposed", "meets"),
        # below $50 a month: the nearest that is allowed
        ({"amount_cents": 2_000}, "countered", "below"),
        # ... unless they want a person to look
        ({"amount_cents": 2_000, "insist": True}, "review", "below"),
        ({"amount_cents": 70_000}, "refused", "above_balance"),
        ({"first_date": date(2026, 3, 10)}, "refused", "date_too_early"),
        ({"first_date": date(2026, 4, 11)}, "refused", "date_too_late"),
    ],
)
async def test_every_wish_gets_the_policys_answer(
    session: AsyncSession, settings: Settings, now: Any, wish: dict[str, Any], status: str, verdict: str
) -> None:
    account_id = await cast.account(session, now=now)
    found = await _propose(session, settings, now, account_id, **wish)
    assert found.quote is not None
    assert (found.status, found.quote.verdict) == (status, verdict)
    assert (found.plan_id is None) == (status == "refused")
    assert (found.case_id is not None) == (status == "review")


async def test_a_yes_to_the_counter_offer_is_an_agreement(session: AsyncSession, settings: Settings, now: Any) -> None:
    account_id = await cast.account(session, now=now)
    countered = await _propose(session, settings, now, account_id, amount_cents=2_000)
    plan = await agreement.agree(
        session, now=now, settings=settings, plan_id=countered.plan_id or 0, via="sms", actor="debtor:1"
    )
    assert (plan["status"], plan["amount_cents"]) == ("agreed", 5_000)


async def test_a_plan_outside_the_terms_needs_authority(session: AsyncSession, settings: Settings, now: Any) -> None:
    ana, lee = (
        await cast.colleague(session, now=now),
        await cast.colleague(session, now=now, name="Lee Ray", role="team_lead"),
    )
    account_id = await cast.account(session, now=now)
    asked = await _propose(session, settings, now, account_id, amount_cents=2_000, insist=True, accepted=True)
    plan_id = asked.plan_id or 0
    with pytest.raises(permissions.ForbiddenError):
        await desk.approve(session, now=now, settings=settings, plan_id=plan_id, staff_id=ana, why="fair")
    status = await desk.approve(session, now=now, settings=settings, plan_id=plan_id, staff_id=lee, why="fair")
    assert status == "agreed"
    plan = await queries.plan(session, plan_id=plan_id) or {}
    assert (plan["approved_by_name"], plan["count"]) == ("Lee Ray", 30)


async def test_a_case_manager_counters_inside_the_terms_only(
    session: AsyncSession, settings: Settings, now: Any
) -> None:
    ana = await cast.colleague(session, now=now)
    account_id = await cast.account(session, now=now)
    asked = await _propose(session, settings, now, account_id, amount_cents=2_000, insist=True)
    offer = {"plan_id": asked.plan_id or 0, "staff_id": ana, "frequency": "monthly", "first_date": START}
    with pytest.raises(permissions.ForbiddenError):
        await desk.counter(session, now=now, amount_cents=2_500, **offer)
    await desk.counter(session, now=now, amount_cents=5_200, **offer)
    plan = await queries.of_account(session, account_id=account_id) or {}
    assert (plan["status"], plan["amount_cents"], plan["count"], plan["last_cents"]) == ("countered", 5_200, 12, 2_800)


async def test_a_plan_is_not_replaced_without_saying_so(session: AsyncSession, settings: Settings, now: Any) -> None:
    account_id, first = await _agreed(session, settings, now)
    with pytest.raises(record.PlanInForceError):
        await _propose(session, settings, now, account_id, amount_cents=6_000, accepted=True)
    second = await _propose(session, settings, now, account_id, amount_cents=6_000, accepted=True, replace=True)
    assert (await queries.plan(session, plan_id=first) or {})["status"] == "cancelled"
    assert (await queries.of_account(session, account_id=account_id) or {})["id"] == second.plan_id
    assert await cast.holds(session, debtor_id=await cast.debtor(session, now=now)) == {"plan"}


async def test_a_conversation_keeps_one_form_and_corrects_it(
    session: AsyncSession, settings: Settings, now: Any
) -> None:
    account_id = await cast.account(session, now=now)
    door = {"account_id": account_id, "via": "sms", "actor": "debtor:1"}
    first = await service.draft(session, now=now, status="collecting", amount_cents=5_500, **door)
    again = await service.draft(
        session, now=now, status="proposed", amount_cents=7_000, frequency="monthly", first_date=START, **door
    )
    assert again == first
    plan = await agreement.agree(session, now=now, settings=settings, plan_id=first, via="sms", actor="debtor:1")
    assert (plan["count"], plan["last_cents"]) == (9, 4_000)
    assert not await service.drop(session, now=now, account_id=account_id, actor="system:test", why="silence")


async def test_nothing_is_agreed_under_review_or_too_late(session: AsyncSession, settings: Settings, now: Any) -> None:
    account_id = await cast.account(session, now=now)
    plan = await _propose(session, settings, now, account_id)
    yes = {"settings": settings, "plan_id": plan.plan_id or 0, "via": "sms", "actor": "debtor:1"}
    with pytest.raises(record.DatePassedError):
        await agreement.agree(session, now=now + timedelta(days=25), **yes)
    await disputes.open(session, now=now, account_id=account_id, via="sms", actor="debtor:1")
    with pytest.raises(record.UnderReviewError):
        await agreement.agree(session, now=now, **yes)
    with pytest.raises(record.UnderReviewError):
        await _propose(session, settings, now, account_id)


async def test_a_form_posted_a_hundred_times_at_once_is_one_plan(context: Context, now: Any) -> None:
    async with context.session() as session:
        account_id = await cast.account(session, now=now)

    async def post() -> int | None:
        async with context.session() as session:
            return (await _propose(session, context.settings, now, account_id, form_token="t-1", accepted=True)).plan_id

    plans = await asyncio.gather(*(post() for _ in range(100)))
    assert len(set(plans)) == 1
    async with context.session() as session:
        assert await session.scalar(sa.text("select count(*) from installment")) == 11


@pytest.mark.parametrize("rounds", [8, pytest.param(125, marks=pytest.mark.slow)])
async def test_plan_dispute_and_closing_at_once_leave_one_truth(context: Context, now: Any, rounds: int) -> None:
    """R13: whatever comes first of four, never a plan in force on a disputed account, and no deadlock."""
    for round_ in range(rounds):
        async with context.session() as session:
            account_id = await cast.account(session, now=now, ref=f"A{round_}", debtor_ref=f"D-{round_}")
            debtor_id = await cast.debtor(session, now=now, ref=f"D-{round_}")
            ana = await cast.colleague(session, now=now)
            case = await cases.open(session, now=now, debtor_id=debtor_id, reason="ask_human", actor="system:test")

        async def plan(account_id: int = account_id) -> None:
            async with context.session() as session:
                await _propose(session, context.settings, now, account_id, accepted=True)

        async def dispute(account_id: int = account_id) -> None:
            async with context.session() as session:
                on_plan = await changes.suspend(
                    session, now=now, account_id=account_id, actor="debtor:1", why="disputed"
                )
                await disputes.open(
                    session, now=now, account_id=account_id, via="sms", actor="debtor:1", on_plan=bool(on_plan)
                )

        async def close(case_id: int = case.id, ana: int = ana) -> None:
            async with context.session() as session:
                await cases.close(session, now=now, case_id=case_id, staff_id=ana, outcome="done")

        results = await asyncio.gather(plan(), plan(), dispute(), close(), return_exceptions=True)
        refused = [r for r in results if isinstance(r, BaseException)]
        assert all(isinstance(r, record.PlanError) for r in refused), refused
        async with context.session() as session:
            found = await queries.of_account(session, account_id=account_id)
            assert found is None or found["status"] == "suspended"


async def test_payments_fill_instalments_and_end_the_plan(session: AsyncSession, settings: Settings, now: Any) -> None:
    account_id, plan_id = await _agreed(session, settings, now)
    debtor_id = await cast.debtor(session, now=now)
    pay = {"account_id": account_id, "paid_at": now, "actor": "system:test"}
    first = await following.apply_payment(session, now=now, amount_cents=8_000, reference="p1", **pay)
    assert (first.plan_status, first.payment.balance_cents) == ("active", 52_000)
    parts = await queries.parts(session, plan_id=plan_id)
    assert [part["paid_cents"] for part in parts[:3]] == [5_500, 2_500, 0]
    await following.apply_payment(session, now=now, amount_cents=-8_000, reference="p1-back", **pay)
    assert {part["paid_cents"] for part in await queries.parts(session, plan_id=plan_id)} == {0}
    last = await following.apply_payment(session, now=now, amount_cents=60_000, reference="p2", **pay)
    assert (last.plan_status, last.payment.paid_in_full) == ("completed", True)
    assert await cast.holds(session, debtor_id=debtor_id) == {"paid"}
    back = await following.apply_payment(session, now=now, amount_cents=-60_000, reference="p2-back", **pay)
    assert back.payment.reopened
    assert back.case_id is not None


async def test_a_suspended_plan_resumes_on_its_own_days(session: AsyncSession, settings: Settings, now: Any) -> None:
    account_id, plan_id = await _agreed(session, settings, now)
    assert await changes.suspend(session, now=now, account_id=account_id, actor="staff:1", why="disputed") == plan_id
    later = now + timedelta(days=90)
    await changes.resume(session, now=later, plan_id=plan_id, actor="staff:1", why="answered")
    parts = await queries.parts(session, plan_id=plan_id)
    assert [part["due_date"].isoformat() for part in parts[:3]] == ["2026-06-30", "2026-07-31", "2026-08-31"]


async def test_a_payment_moves_once_and_one_is_skipped(session: AsyncSession, settings: Settings, now: Any) -> None:
    _, plan_id = await _agreed(session, settings, now)
    move = {"plan_id": plan_id, "actor": "debtor:1"}
    with pytest.raises(changes.MoveRefusedError):
        await changes.move_payment(session, now=now, old_date=START, new_date=date(2026, 4, 11), **move)
    await changes.move_payment(session, now=now, old_date=START, new_date=date(2026, 4, 10), **move)
    with pytest.raises(changes.MoveRefusedError):
        await changes.move_payment(session, now=now, old_date=date(2026, 4, 10), new_date=date(2026, 4, 12), **move)
    assert await changes.skip_payment(session, now=now, due_date=date(2026, 4, 30), **move) == date(2027, 2, 28)
    with pytest.raises(changes.MoveRefusedError):
        await changes.skip_payment(session, now=now, due_date=date(2026, 5, 31), **move)
    plan = await queries.plan(session, plan_id=plan_id) or {}
    assert sum(part["amount_cents"] for part in plan["parts"]) == plan["total_cents"]
    assert plan["next_moved"] is True


async def test_a_promise_is_kept_by_money_and_broken_by_time(session: AsyncSession, now: Any) -> None:
    account_id = await cast.account(session, now=now)
    debtor_id = await cast.debtor(session, now=now)
    said = {"debtor_id": debtor_id, "actor": "debtor:1"}
    with pytest.raises(record.PlanError, match="from today to April 10"):
        await promises.promise(session, now=now, date=date(2026, 4, 11), **said)
    first = await promises.promise(session, now=now, date=date(2026, 3, 13), amount_cents=5_000, **said)
    paid = await following.apply_payment(
        session, now=now, account_id=account_id, amount_cents=5_000, paid_at=now, reference="p1", actor="system:test"
    )
    assert paid.promises_kept == [first]
    await promises.promise(session, now=now, date=date(2026, 3, 13), amount_cents=9_000, **said)
    assert await promises.sweep(session, now=now + timedelta(days=3)) == 0
    assert await promises.sweep(session, now=now + timedelta(days=4)) == 1
    assert [p["status"] for p in await queries.promises(session, debtor_id=debtor_id)] == ["broken", "kept"]
