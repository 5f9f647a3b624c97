"""Who is told what: people, not debts; once; and a reason for everyone who is left out."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from outreach.campaigns import enrolling, planning
from tests.campaigns.conftest import Desk

TWO_STEPS = [
    {"template": "reminder", "channel": "sms"},
    {"template": "reminder", "channel": "email", "after_days": 3},
]


async def test_several_debts_of_one_person_are_one_contact(desk: Desk) -> None:
    await desk.debtor("P1", debts=3)
    campaign = await desk.launch()
    await desk.plan(campaign)
    (message,) = await desk.rows("select account_ids, status, step, text from message")
    assert (len(message["account_ids"]), message["status"], message["step"]) == (3, "queued", 1)
    assert "1,500.00" in message["text"] or "Fairview" in message["text"]


async def test_everyone_left_out_has_a_reason_and_the_figures_add_up(desk: Desk) -> None:
    await desk.debtor("P1")
    await desk.debtor("P2", consented=False)
    await desk.debtor("P3", state="HI")
    campaign = await desk.launch()
    await desk.plan(campaign)
    found = await desk.status()
    assert (found["planned"], sum(found["excluded"].values()), found["deferred"]["count"]) == (2, 1, 1)
    assert found["planned"] + sum(found["excluded"].values()) == found["enrolled"] == 3
    assert all(found["reasons"].values())


async def test_slices_cut_anywhere_leave_nobody_out_and_nobody_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "SLICE", 3)
    monkeypatch.setattr(enrolling, "BATCH", 4)
    for number in range(1, 11):
        await desk.debtor(f"P{number}")
    campaign = await desk.launch()
    for _ in range(4):  # killed before its commit
        async with desk.context.sessions() as session:
            await planning.plan_slice(session, campaign, now=desk.now, settings=desk.context.settings)
            await session.rollback()
        async with desk.context.session() as session:
            await planning.plan_slice(session, campaign, now=desk.now, settings=desk.context.settings)
    await asyncio.gather(*(desk.plan(campaign) for _ in range(4)))
    people = await desk.rows("select debtor_id, count(*) as n from message group by debtor_id")
    assert [row["n"] for row in people] == [1] * 10


async def test_the_next_step_waits_for_its_day_and_stops_when_someone_replied(desk: Desk) -> None:
    first, second = await desk.debtor("P1"), await desk.debtor("P2")
    campaign = await desk.launch(steps=TWO_STEPS)
    await desk.plan(campaign)
    await desk.deliver(campaign)
    desk.now += timedelta(days=2)
    await desk.do(
        "insert into message (id, debtor_id, direction, channel, medium, purpose, status, created_at)"
        " values (gen_random_uuid(), :id, 'in', 'sms', 'sms', 'reply', 'answered', :now)",
        id=first,
        now=desk.now,
    )
    await desk.plan(campaign)
    assert len(await desk.rows("select 1 from message where direction = 'out'")) == 2
    desk.now += timedelta(days=1)
    await desk.plan(campaign)
    (later,) = await desk.rows("select debtor_id, channel from message where step = 2")
    assert later == {"debtor_id": second, "channel": "email"}
    enrollments = {row["debtor_id"]: row for row in await desk.rows("select * from enrollment")}
    assert (enrollments[first]["status"], enrollments[first]["excluded"]) == ("stopped", "replied")
    assert enrollments[second]["status"] == "done"


STOPS = {
    "paid": "insert into payment (creditor_id, account_id, debtor_id, amount_cents, paid_at, reference, applied, recorded_at)"
    " select a.creditor_id, a.id, a.debtor_id, 1000, :now, 'R1', '{}', :now from account a",
    "plan_agreed": "insert into plan (account_id, debtor_id, status, proposed_at, agreed_at)"
    " select id, debtor_id, 'agreed', :now, :now from account",
}


@pytest.mark.parametrize("reason", STOPS)
async def test_the_sequence_stops_when(desk: Desk, reason: str) -> None:
    await desk.debtor("P1")
    campaign = await desk.launch(steps=TWO_STEPS)
    await desk.plan(campaign)
    await desk.do(STOPS[reason], now=desk.now + timedelta(hours=1))
    desk.now += timedelta(days=3)
    await desk.plan(campaign)
    (enrollment,) = await desk.rows("select status, excluded from enrollment")
    assert enrollment == {"status": "stopped", "excluded": reason}


async def test_who_owes_nothing_any_more_is_not_asked_again(desk: Desk) -> None:
    await desk.debtor("P1")
    campaign = await desk.launch(steps=TWO_STEPS, stop_when=[])
    await desk.plan(campaign)
    await desk.do("update account set status = 'recalled'")
    desk.now += timedelta(days=3)
    await desk.plan(campaign)
    (enrollment,) = await desk.rows("select status, excluded from enrollment")
    assert enrollment == {"status": "stopped", "excluded": "no_longer_meant"}


async def test_a_recurring_campaign_speaks_again_in_its_next_occurrence(desk: Desk) -> None:
    from outreach.campaigns import service

    await desk.debtor("P1")
    campaign = await desk.launch(schedule={"cron": "0 11 * * *", "timezone": "America/New_York"})
    assert (await desk.status())["status"] == "scheduled"
    for occurrence in (1, 2):
        desk.now = (await desk.status())["next_run_at"]
        async with desk.context.session() as session:
            assert await service.start_occurrence(session, campaign, now=desk.now)
            assert not await service.start_occurrence(session, campaign, now=desk.now)
        await desk.plan(campaign)
        await desk.deliver(campaign)
        steps = [row["step"] for row in await desk.rows("select step from message order by step")]
        assert steps == list(range(1, occurrence + 1))
    await desk.sweep()
    assert (await desk.status())["status"] == "running"  # there is always a next occurrence
