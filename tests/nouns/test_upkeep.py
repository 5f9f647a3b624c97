"""What time does: reminders in the law's window, missed payments, broken plans, stale offers, delivered answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.cases import hours
from outreach.disputes import answers, jobs
from outreach.disputes import service as disputes
from outreach.plans import changes, following, queries, record, reviews, service, upkeep
from outreach.settings import Settings
from tests.nouns import cast

START = date(2026, 3, 31)


async def _agreed(session: AsyncSession, settings: Settings, now: datetime) -> tuple[int, int]:
    account_id = await cast.account(session, now=now)
    await cast.reachable(session, now=now, debtor_id=await cast.debtor(session, now=now))
    plan = await service.propose(
        session,
        now=now,
        settings=settings,
        account_id=account_id,
        amount_cents=5_500,
        frequency="monthly",
        first_date=START,
        via="portal",
        actor="debtor:1",
        accepted=True,
    )
    return account_id, plan.plan_id or 0


@pytest.mark.parametrize(
    ("day", "days", "found"),
    [
        (date(2026, 3, 11), 3, date(2026, 3, 16)),  # over a weekend
        (date(2026, 7, 1), 2, date(2026, 7, 6)),  # over a holiday too
        (date(2026, 3, 16), -3, date(2026, 3, 11)),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(day: date, days: int, found: date) -> None:
    assert hours.add_working_days(day, days) == found


async def test_a_reminder_is_drafted_once_in_its_window(
    session: AsyncSession, settings: Settings, now: datetime
) -> None:
    await _agreed(session, settings, now)
    early = await upkeep.remind(session, now=now.replace(day=23), settings=settings)
    assert early == []  # six working days before
    (sent,) = await upkeep.remind(session, now=now.replace(day=24), settings=settings)
    assert sent.status == "queued", sent.reasons
    assert "$55.00 on March 31, 2026" in sent.text
    assert await upkeep.remind(session, now=now.replace(day=24, hour=15), settings=settings) == []


async def test_missed_payments_break_a_plan_and_money_cures_it(
    session: AsyncSession, settings: Settings, now: datetime
) -> None:
    account_id, plan_id = await _agreed(session, settings, now)
    debtor_id = await cast.debtor(session, now=now)
    late = datetime.fromisoformat("2026-04-06T15:00:00+00:00")
    assert await upkeep.miss(session, now=late - timedelta(days=1)) == 0
    assert await upkeep.miss(session, now=late) == 1
    assert await upkeep.break_off(session, now=late) == 0
    later = datetime.fromisoformat("2026-05-06T15:00:00+00:00")
    assert await upkeep.miss(session, now=later) == 1
    assert await upkeep.break_off(session, now=later) == 1
    assert await cast.holds(session, debtor_id=debtor_id) == set()
    listed = await queries.today(session, day=date(2026, 5, 6))
    assert [(row["kind"], row["state"]) for row in listed] == [("installment", "broken")]
    paid = await following.apply_payment(
        session,
        now=later,
        account_id=account_id,
        amount_cents=11_000,
        paid_at=later,
        reference="r",
        actor="system:test",
    )
    assert paid.plan_status == "active"
    assert await cast.holds(session, debtor_id=debtor_id) == {"plan"}
    assert (await queries.plan(session, plan_id=plan_id) or {})["missed_count"] == 0


async def test_a_plan_rests_while_its_account_is_under_review_and_goes_on_after(
    session: AsyncSession, settings: Settings, now: datetime
) -> None:
    account_id, plan_id = await _agreed(session, settings, now)
    opened = await disputes.open(session, now=now, account_id=account_id, via="mail", actor="staff:1")
    assert await reviews.follow(session, now=now) == [plan_id]
    assert await reviews.follow(session, now=now) == []
    later = datetime.fromisoformat("2026-05-06T15:00:00+00:00")
    assert await upkeep.miss(session, now=later) == 0
    with pytest.raises(record.UnderReviewError):
        await changes.resume(session, now=later, plan_id=plan_id, actor="staff:1", why="answered")
    await answers.answer(session, now=later, dispute_id=opened.id, method="mail", actor="staff:1", words="the bill")
    assert await reviews.follow(session, now=later) == [plan_id]
    plan = await queries.plan(session, plan_id=plan_id) or {}
    assert (plan["status"], plan["next_date"]) == ("agreed", date(2026, 5, 31))


@pytest.mark.parametrize(
    ("correct_to", "status", "amounts"),
    [(None, "cancelled", [5_500] * 10 + [5_000]), (12_000, "agreed", [5_500, 5_500, 1_000])],
)
async def test_an_upheld_dispute_ends_or_shortens_the_plan(
    session: AsyncSession,
    settings: Settings,
    now: datetime,
    correct_to: int | None,
    status: str,
    amounts: list[int],
) -> None:
    account_id, plan_id = await _agreed(session, settings, now)
    opened = await disputes.open(session, now=now, account_id=account_id, via="mail", actor="staff:1")
    await reviews.follow(session, now=now)
    await answers.uphold(
        session, now=now, dispute_id=opened.id, actor="staff:1", why="billed twice", correct_to_cents=correct_to
    )
    await reviews.follow(session, now=now)
    plan = await queries.plan(session, plan_id=plan_id) or {}
    assert (plan["status"], [part["amount_cents"] for part in plan["parts"]]) == (status, amounts)
    assert plan["total_cents"] == sum(amounts)


@pytest.mark.parametrize(("cents", "said"), [(5_500, "Balance now $545.00"), (60_000, "Balance now $0.00")])
async def test_a_payment_gets_a_receipt(
    session: AsyncSession, settings: Settings, now: datetime, cents: int, said: str
) -> None:
    account_id, _ = await _agreed(session, settings, now)
    paid = await following.apply_payment(
        session,
        now=now,
        account_id=account_id,
        amount_cents=cents,
        paid_at=now,
        reference="r",
        actor="system:test",
        settings=settings,
    )
    assert paid.receipt is not None
    assert paid.receipt.status == "queued", paid.receipt.reasons
    assert "on March 11, 2026" in paid.receipt.text
    assert said in paid.receipt.text


async def test_a_receipt_waits_for_the_morning(session: AsyncSession, settings: Settings, now: datetime) -> None:
    account_id, _ = await _agreed(session, settings, now)
    night = datetime.fromisoformat("2026-03-12T06:00:00+00:00")
    paid = await following.apply_payment(
        session,
        now=night,
        account_id=account_id,
        amount_cents=100,
        paid_at=night,
        reference="r",
        actor="system:test",
        settings=settings,
    )
    assert paid.receipt is not None
    assert (paid.receipt.status, paid.receipt.earliest_at) == ("queued", datetime.fromisoformat("2026-03-12T12:00Z"))


@pytest.mark.parametrize(("status", "cases"), [("collecting", 0), ("proposed", 1)])
async def test_a_form_left_open_is_dropped_without_a_word(
    session: AsyncSession, now: datetime, status: str, cases: int
) -> None:
    account_id = await cast.account(session, now=now)
    await service.draft(session, now=now, account_id=account_id, status=status, via="sms", actor="debtor:1")
    assert await upkeep.forget(session, now=now + timedelta(hours=71), hours=72) == 0
    assert await upkeep.forget(session, now=now + timedelta(hours=73), hours=72) == 1
    assert await queries.of_account(session, account_id=account_id) is None
    assert await session.scalar(sa.text("select count(*) from cases where reason = 'unresolved'")) == cases
    assert await session.scalar(sa.text("select count(*) from message")) == 0


@pytest.mark.parametrize(
    ("fate", "after", "holds"),
    [
        ("delivered", timedelta(minutes=1), set()),
        # a mail server took it, and nothing came back for a day
        ("accepted", timedelta(hours=1), {"dispute"}),
        ("accepted", timedelta(hours=30), set()),
        ("failed", timedelta(hours=30), {"dispute"}),
    ],
)
async def test_a_freeze_ends_with_the_answers_delivery(
    session: AsyncSession, now: Any, fate: str, after: timedelta, holds: set[str]
) -> None:
    account_id = await cast.account(session, now=now)
    debtor_id = await cast.debtor(session, now=now)
    opened = await disputes.open(session, now=now, account_id=account_id, via="email", actor="debtor:1")
    await cast.queued(session, now=now, debtor_id=debtor_id)
    message_id = await session.scalar(
        sa.text("update message set status = :s, sent_at = :now returning id"), {"s": fate, "now": now}
    )
    await answers.answer(
        session, now=now, dispute_id=opened.id, method="email", actor="staff:1", words="attached", message_id=message_id
    )
    await jobs.settle(session, now=now + after)
    assert await cast.holds(session, debtor_id=debtor_id) == holds
    assert await jobs.settle(session, now=now + after) == 0
