"""Disputes: frozen at the word, thawed by a delivered answer, carried forever."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.disputes import answers, queries, service
from tests.nouns import cast


async def _open(session: AsyncSession, now: Any, account_id: int, **values: Any) -> service.Opened:
    return await service.open(
        session, now=now, account_id=account_id, **{"via": "sms", "actor": "debtor:1", "reason": "not_mine", **values}
    )


@pytest.mark.parametrize(
    ("kind", "hold", "case"),
    [
        ("dispute", "dispute", "dispute"),
        ("validation", "validation_request", "validation_request"),
        ("original_creditor", "original_creditor_request", "validation_request"),
    ],
)
async def test_each_kind_freezes_the_account_and_opens_a_case(
    session: AsyncSession, now: Any, kind: str, hold: str, case: str
) -> None:
    account_id = await cast.account(session, now=now)
    debtor_id = await cast.debtor(session, now=now)
    await cast.queued(session, now=now, debtor_id=debtor_id, account_id=account_id)
    opened = await _open(session, now, account_id, kind=kind)
    assert opened.created
    assert await cast.statuses(session, debtor_id=debtor_id) == ["withdrawn"]
    assert await cast.holds(session, debtor_id=debtor_id) == {hold}
    assert await session.scalar(sa.text("select reason from cases where id = :id"), {"id": opened.case_id}) == case


async def test_a_ground_given_later_is_kept_and_undoes_a_wrong_duplicate(session: AsyncSession, now: Any) -> None:
    account_id = await cast.account(session, now=now)
    first = await _open(session, now, account_id, reason="not_mine")
    await answers.answer(session, now=now, dispute_id=first.id, method="mail", actor="staff:1", words="see the bill")
    second = await _open(session, now, account_id, reason=None)
    assert second.status == "duplicate"
    third = await _open(session, now, account_id, reason="wrong_amount")
    assert (third.id, third.status) == (second.id, "open")
    assert (await queries.dispute(session, dispute_id=second.id) or {})["reason"] == "wrong_amount"


async def test_an_open_dispute_is_not_opened_again(session: AsyncSession, now: Any) -> None:
    account_id = await cast.account(session, now=now)
    first = await _open(session, now, account_id)
    again = await _open(session, now, account_id, reason="wrong_amount")
    assert (again.id, again.created, again.status) == (first.id, False, "open")


async def test_a_further_ground_and_a_larger_part_reach_the_person_who_works_on_it(
    session: AsyncSession, now: Any
) -> None:
    account_id = await cast.account(session, now=now)
    first = await _open(session, now, account_id, reason="wrong_amount", amount_cents=2_000, text="20 too much")
    again = await _open(session, now, account_id, reason="not_mine", text="it is not even mine")
    assert (again.id, again.created, again.case_id) == (first.id, False, first.case_id)
    found = await queries.dispute(session, dispute_id=first.id) or {}
    assert (found["reason"], found["scope"], found["amount_cents"]) == ("wrong_amount", "all", None)
    assert found["text"] == "20 too much\n\nit is not even mine"
    case = await db.one(session, "select summary from cases where id = :id", id=first.case_id) or {}
    assert case["summary"]["further_reason"] == "not_mine"
    trail = await db.rows(session, "select why from audit_entry where action = 'dispute.ground'")
    assert [row["why"] for row in trail] == ["not_mine"]


@pytest.mark.parametrize(
    ("repeat", "status"),
    [
        ({"reason": "not_mine"}, "duplicate"),
        # no ground named: the old one again
        ({"reason": None}, "duplicate"),
        ({"reason": "wrong_amount"}, "open"),
        # something attached may change the answer (DISP-03)
        ({"reason": "not_mine", "new_information": True}, "open"),
    ],
)
async def test_a_repeat_of_an_answered_dispute_is_a_duplicate_and_freezes_too(
    session: AsyncSession, now: Any, repeat: dict[str, Any], status: str
) -> None:
    account_id = await cast.account(session, now=now)
    debtor_id = await cast.debtor(session, now=now)
    first = await _open(session, now, account_id)
    await answers.answer(session, now=now, dispute_id=first.id, method="mail", actor="staff:1", words="see the bill")
    assert await cast.holds(session, debtor_id=debtor_id) == set()
    second = await _open(session, now, account_id, **repeat)
    assert (second.created, second.status) == (True, status)
    assert await cast.holds(session, debtor_id=debtor_id) == {"dispute"}
    await answers.answer(session, now=now, dispute_id=second.id, method="mail", actor="staff:1", words="as before")
    assert await cast.holds(session, debtor_id=debtor_id) == set()


async def test_an_electronic_answer_counts_once_delivered_and_a_bounce_freezes_again(
    session: AsyncSession, now: Any
) -> None:
    account_id = await cast.account(session, now=now)
    debtor_id = await cast.debtor(session, now=now)
    opened = await _open(session, now, account_id)
    await answers.answer(session, now=now, dispute_id=opened.id, method="email", actor="staff:1", words="attached")
    assert await cast.holds(session, debtor_id=debtor_id) == {"dispute"}
    await answers.delivered(session, now=now, dispute_id=opened.id, actor="system:disputes")
    assert await cast.holds(session, debtor_id=debtor_id) == set()
    await answers.undeliverable(session, now=now, dispute_id=opened.id, actor="system:disputes", why="mailbox unknown")
    assert await cast.holds(session, debtor_id=debtor_id) == {"dispute"}
    found = await queries.dispute(session, dispute_id=opened.id) or {}
    assert (found["status"], found["answered_at"]) == ("open", None)


async def test_an_answer_that_comes_back_beside_a_newer_dispute_is_told_once(session: AsyncSession, now: Any) -> None:
    account_id = await cast.account(session, now=now)
    first = await _open(session, now, account_id, reason="not_mine")
    await answers.answer(session, now=now, dispute_id=first.id, method="email", actor="staff:1", words="attached")
    await answers.delivered(session, now=now, dispute_id=first.id, actor="system:disputes")
    second = await _open(session, now, account_id, reason="wrong_amount")
    for _ in range(2):
        await answers.undeliverable(session, now=now, dispute_id=first.id, actor="system:disputes", why="no mailbox")
    found = await queries.dispute(session, dispute_id=first.id) or {}
    assert (found["status"], found["same_as_id"], found["answered_at"]) == ("duplicate", second.id, None)
    told = await session.scalar(sa.text("select count(*) from audit_entry where action = 'dispute.answer_returned'"))
    assert told == 1


@pytest.mark.parametrize(
    ("correct_to", "status", "balance"), [(None, "closed", 61_500), (0, "closed", 0), (50_000, "open", 50_000)]
)
async def test_an_upheld_dispute_closes_or_corrects_the_account(
    session: AsyncSession, now: Any, correct_to: int | None, status: str, balance: int
) -> None:
    account_id = await cast.account(session, now=now, interest=1_000, fees=500)
    opened = await _open(session, now, account_id)
    await answers.uphold(
        session, now=now, dispute_id=opened.id, actor="staff:1", why="billed twice", correct_to_cents=correct_to
    )
    found = await db.one(session, "select status, balance_cents from account where id = :id", id=account_id)
    assert found == {"status": status, "balance_cents": balance}
    with pytest.raises(answers.DisputeSettledError):
        await answers.uphold(session, now=now, dispute_id=opened.id, actor="staff:1", why="again")


@pytest.mark.parametrize(
    ("zone", "end", "timely"),
    [
        # 14:30 UTC is the 11th everywhere
        (None, date(2026, 3, 11), True),
        (None, date(2026, 3, 10), False),
        # in Samoa it was still the 10th at 10:00 UTC
        (None, None, True),
    ],
)
async def test_a_dispute_is_timely_by_the_debtors_own_calendar(
    session: AsyncSession, now: Any, zone: str | None, end: date | None, timely: bool
) -> None:
    account_id = await cast.account(session, now=now)
    await session.execute(sa.text("update account set validation_period_end = :e"), {"e": end})
    opened = await _open(session, now, account_id)
    assert (await queries.dispute(session, dispute_id=opened.id) or {})["timely"] is timely


async def test_a_late_evening_dispute_is_on_the_debtors_date(session: AsyncSession, now: Any) -> None:
    account_id = await cast.account(session, now=now)
    await session.execute(sa.text("update account set validation_period_end = '2026-03-10'"))
    opened = await _open(session, now - timedelta(hours=5), account_id)  # 09:30 UTC, still 22:30 in Samoa
    assert (await queries.dispute(session, dispute_id=opened.id) or {})["timely"] is True
