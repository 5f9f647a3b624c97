"""Cases: opened once, owned by one, silent while held, closed only when nothing is due."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.cases import claims, hours, queries, record, service, timeline
from outreach.context import Context
from outreach.messages import silence
from tests.nouns import cast

WEDNESDAY_1030 = datetime(2026, 3, 11, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("opened", "priority", "due"),
    [
        # urgent: an hour on the wall clock, whatever the hour
        ("2026-03-11T03:00-04:00", "urgent", "2026-03-11T04:00-04:00"),
        # high: four working hours
        ("2026-03-11T10:30-04:00", "high", "2026-03-11T14:30-04:00"),
        # ... over the night
        ("2026-03-11T15:00-04:00", "high", "2026-03-12T11:00-04:00"),
        # normal: the same time of the next working day
        ("2026-03-11T10:30-04:00", "normal", "2026-03-12T10:30-04:00"),
        # ... in the evening: the end of the next one
        ("2026-03-11T20:00-04:00", "normal", "2026-03-12T17:00-04:00"),
        # ... over a weekend
        ("2026-03-13T12:00-04:00", "normal", "2026-03-16T12:00-04:00"),
        # ... over the change to summer time
        ("2026-03-06T12:00-05:00", "normal", "2026-03-09T12:00-04:00"),
        # ... over a holiday on a Friday (3 July is observed)
        ("2026-07-02T12:00-04:00", "normal", "2026-07-06T12:00-04:00"),
    ],
)
def test_the_promise_counts_office_hours(opened: str, priority: str, due: str) -> None:
    found = hours.due_at(datetime.fromisoformat(opened).astimezone(UTC), priority, office=hours.Office())
    assert found == datetime.fromisoformat(due)


async def _case(session: AsyncSession, now: datetime, **values: object) -> service.Opened:
    debtor_id = await cast.debtor(session, now=now)
    return await service.open(
        session, now=now, debtor_id=debtor_id, **{"reason": "ask_human", "actor": "system:test", **values}
    )  # type: ignore[arg-type]


async def test_a_second_hand_off_of_the_same_reason_joins_the_open_case(session: AsyncSession, now: datetime) -> None:
    first = await _case(session, now, summary={"intent": "ask_human"})
    second = await _case(session, now, priority="high", summary={"amount": 50})
    assert (second.id, second.created, second.priority) == (first.id, False, "high")
    assert second.due_at < first.due_at
    third = await _case(session, now, priority="normal")
    assert (third.priority, third.due_at) == ("high", second.due_at)
    found = await queries.case(session, case_id=first.id)
    assert found is not None
    assert found["summary"] == {"intent": "ask_human", "amount": 50}


async def test_a_claimed_case_silences_the_thread_until_it_is_given_back(session: AsyncSession, now: datetime) -> None:
    ana = await cast.colleague(session, now=now)
    case = await _case(session, now)
    debtor_id = await cast.debtor(session, now=now)
    await cast.queued(session, now=now, debtor_id=debtor_id)
    await claims.claim(session, now=now, case_id=case.id, staff_id=ana)
    assert await cast.statuses(session, debtor_id=debtor_id) == ["withdrawn"]
    assert (await queries.case(session, case_id=case.id) or {})["held_by"] == ana
    await claims.release(session, now=now, case_id=case.id, actor=f"staff:{ana}")
    assert (await queries.case(session, case_id=case.id) or {})["held_by"] is None


async def test_the_thread_goes_to_the_colleague_who_still_has_a_case(session: AsyncSession, now: datetime) -> None:
    ana, bob = await cast.colleague(session, now=now), await cast.colleague(session, now=now, name="Bob Roe")
    first, second = await _case(session, now), await _case(session, now, reason="complaint")
    await claims.claim(session, now=now, case_id=first.id, staff_id=ana)
    await claims.claim(session, now=now, case_id=second.id, staff_id=bob)
    await service.close(session, now=now, case_id=first.id, staff_id=ana, outcome="explained")
    assert (await queries.case(session, case_id=second.id) or {})["held_by"] == bob


async def test_a_case_taken_by_a_colleague_says_by_whom_and_when(session: AsyncSession, now: datetime) -> None:
    ana, bob = await cast.colleague(session, now=now), await cast.colleague(session, now=now, name="Bob Roe")
    case = await _case(session, now)
    await claims.claim(session, now=now, case_id=case.id, staff_id=ana)
    await claims.claim(session, now=now, case_id=case.id, staff_id=ana)  # a double click
    with pytest.raises(record.TakenError, match="Taken by Ana Diaz at 14:30"):
        await claims.claim(session, now=now, case_id=case.id, staff_id=bob)
    await claims.reassign(session, now=now, case_id=case.id, to_staff_id=bob, actor="staff:9")
    found = await queries.case(session, case_id=case.id) or {}
    assert (found["holder"], found["held_by"]) == ("Bob Roe", bob)


async def test_twenty_claims_at_once_give_one_owner_and_no_deadlock(context: Context, now: datetime) -> None:
    async with context.session() as session:
        people = [await cast.colleague(session, now=now, name=f"Colleague {n:02}") for n in range(20)]
        opened = [(await _case(session, now, reason=reason)).id for reason in ("ask_human", "complaint", "settlement")]

    async def claim(person: int, case_id: int) -> int | None:
        try:
            async with context.session() as session:
                await claims.claim(session, now=now, case_id=case_id, staff_id=person)
        except record.TakenError:
            return None
        return case_id

    taken = await asyncio.gather(*(claim(person, case_id) for person in people for case_id in opened))
    assert sorted(case_id for case_id in taken if case_id) == sorted(opened)


async def test_a_snoozed_case_wakes_to_its_owner(session: AsyncSession, now: datetime) -> None:
    ana = await cast.colleague(session, now=now)
    case = await _case(session, now)
    debtor_id = await cast.debtor(session, now=now)
    await claims.claim(session, now=now, case_id=case.id, staff_id=ana)
    await claims.snooze(session, now=now, case_id=case.id, until=now + timedelta(days=2), actor=f"staff:{ana}")
    assert await service.wake(session, now=now + timedelta(days=1)) == 0
    await cast.heard(session, now=now + timedelta(hours=3), debtor_id=debtor_id)
    assert await service.wake(session, now=now + timedelta(hours=3)) == 1
    found = await queries.case(session, case_id=case.id) or {}
    assert (found["status"], found["claimed_by"], found["snoozed_until"]) == ("claimed", ana, None)
    with pytest.raises(record.CaseError, match="future"):
        await claims.snooze(session, now=now, case_id=case.id, until=now, actor=f"staff:{ana}")


async def test_a_case_does_not_close_while_the_law_waits(session: AsyncSession, now: datetime) -> None:
    ana = await cast.colleague(session, now=now)
    debtor_id = await cast.debtor(session, now=now)
    case = await _case(session, now, reason="dispute")
    await silence.hold(session, now=now, debtor_id=debtor_id, reason="dispute", actor="system:test")
    with pytest.raises(service.DutyOpenError):
        await service.close(session, now=now, case_id=case.id, staff_id=ana, outcome="done")
    await silence.release(session, now=now, debtor_id=debtor_id, reason="dispute", actor="system:test", why="answered")
    await service.close(session, now=now, case_id=case.id, staff_id=ana, outcome="done")
    with pytest.raises(record.ClosedError):
        await claims.claim(session, now=now, case_id=case.id, staff_id=ana)


async def test_a_waiting_reply_is_never_lost_in_silence(session: AsyncSession, now: datetime) -> None:
    ana = await cast.colleague(session, now=now)
    debtor_id = await cast.debtor(session, now=now)
    case = await _case(session, now)
    await cast.queued(session, now=now, debtor_id=debtor_id)
    await session.execute(
        sa.text("update message set case_id = :c, staff_id = :s, not_before = :t"),
        {"c": case.id, "s": ana, "t": now + timedelta(hours=9)},
    )
    with pytest.raises(service.WaitingReplyError):
        await service.close(session, now=now, case_id=case.id, staff_id=ana, outcome="done")
    await service.close(session, now=now, case_id=case.id, staff_id=ana, outcome="done", withdraw_waiting=True)
    assert await cast.statuses(session, debtor_id=debtor_id) == ["withdrawn"]


async def test_the_queue_is_in_the_order_of_the_next_breach(session: AsyncSession, now: datetime) -> None:
    wanted = []
    for number, (priority, minutes) in enumerate([("normal", 30), ("urgent", 50), ("high", 20), ("urgent", 10)]):
        person = await cast.debtor(session, now=now, ref=f"D-{number}")
        case = await service.open(
            session,
            now=now,
            debtor_id=person,
            reason="review",
            actor="system:test",
            priority=priority,
            due_at=now + timedelta(minutes=minutes),
        )
        wanted.append((priority != "urgent", minutes, case.id))
    first = await queries.queue(session, now=now, limit=3)
    rest = await queries.queue(session, now=now, limit=3, after=first.after)
    assert [row["id"] for row in [*first.rows, *rest.rows]] == [case_id for *_, case_id in sorted(wanted)]
    assert rest.after is None
    assert await queries.counts(session, now=now) == {
        "mine": 0,
        "unassigned": 4,
        "breaching": 4,
        "snoozed": 0,
        "all": 4,
        "overdue": 0,
    }


async def test_the_timeline_tells_everything_in_order(session: AsyncSession, now: datetime) -> None:
    ana = await cast.colleague(session, now=now)
    debtor_id = await cast.debtor(session, now=now)
    await cast.heard(session, now=now, debtor_id=debtor_id, text="I want to talk to someone")
    later = now + timedelta(minutes=1)
    case = await _case(session, later)
    await service.note(
        session, now=later + timedelta(minutes=1), case_id=case.id, text="called back", actor=f"staff:{ana}"
    )
    await silence.hold(
        session, now=later + timedelta(minutes=2), debtor_id=debtor_id, reason="hardship", actor=f"staff:{ana}"
    )
    found = await timeline.of_debtor(session, debtor_id=debtor_id)
    assert [(e["kind"], e["who"], e["title"], e["text"]) for e in found] == [
        ("heard", f"debtor:{debtor_id}", "sms", "I want to talk to someone"),
        ("case", "system:test", "opened", ""),
        ("note", "Ana Diaz", "note", "called back"),
        ("change", "Ana Diaz", "hold", ""),
    ]
