"""Pause, resume and cancel count from their commit; the end comes by itself; a bad campaign stops itself."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from outreach.campaigns import brake, planning, queue, service
from outreach.campaigns.definition import DefinitionError
from outreach.context import Context
from outreach.messages import sweep
from tests.campaigns.conftest import Desk


async def _steer(desk: Desk, act: str) -> None:
    async with desk.context.session() as session:
        campaign = await getattr(service, act)(session, "spring", now=desk.now, actor="staff:1")
    await queue.mark(desk.context.engine, campaign, now=desk.now)


@pytest.fixture
async def running(desk: Desk) -> int:
    for number in range(1, 8):
        await desk.debtor(f"P{number}")
    return await desk.launch()


async def test_a_paused_campaign_goes_on_where_it_was(
    desk: Desk, running: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "SLICE", 3)
    for _ in range(2):
        async with desk.context.session() as session:
            await planning.plan_slice(session, running, now=desk.now, settings=desk.context.settings)
    await _steer(desk, "pause")
    assert await desk.plan(running) == [planning.Slice()]
    assert [r["paused"] for r in await desk.rows("select paused from message")] == [True] * 3
    desk.now += timedelta(days=2)
    async with desk.context.session() as session:
        assert (await sweep.sweep(session, now=desk.now))["expired"] == 0
    await _steer(desk, "resume")
    await desk.plan(running)
    messages = await desk.rows("select debtor_id, paused, expires_at from message where status = 'queued'")
    assert (len(messages), len({m["debtor_id"] for m in messages})) == (7, 7)
    assert not any(m["paused"] or m["expires_at"] <= desk.now for m in messages)


async def test_a_resume_whose_maker_died_is_finished_by_the_sweep(desk: Desk, running: int) -> None:
    await desk.plan(running)
    await _steer(desk, "pause")
    async with desk.context.session() as session:
        await service.resume(session, "spring", now=desk.now, actor="staff:1")
    assert {r["paused"] for r in await desk.rows("select paused from message")} == {True}
    await desk.sweep()
    assert {r["paused"] for r in await desk.rows("select paused from message")} == {False}


async def test_a_cancelled_campaign_withdraws_what_is_queued_and_never_comes_back(desk: Desk, running: int) -> None:
    await desk.plan(running)
    await desk.deliver(running, limit=2)
    await _steer(desk, "cancel")
    found = await desk.status()
    assert (found["status"], found["delivered"], found["withdrawn"], found["waiting"]) == ("cancelled", 2, 5, 0)
    assert await desk.rows("select 1 from enrollment where status = 'waiting'") == []
    for act in ("pause", "resume", "launch", "cancel"):
        with pytest.raises(service.MoveRefusedError, match="cancelled"):
            await _steer(desk, act)


async def test_a_slice_overtaken_by_a_pause_keeps_nothing_and_the_pause_does_not_wait(
    desk: Desk, running: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit = planning.outbox.submit_many

    async def overtaken(*batch: Any, **values: Any) -> Any:
        answer = await submit(*batch, **values)
        async with asyncio.timeout(5):
            await _steer(desk, "pause")
        return answer

    monkeypatch.setattr(planning.outbox, "submit_many", overtaken)
    with pytest.raises(planning.OvertakenError):
        await desk.plan(running)
    assert await desk.rows("select 1 from message") == []


async def test_of_two_people_who_pause_at_once_one_is_told(desk: Desk, running: int) -> None:
    results = await asyncio.gather(*(_steer(desk, "pause") for _ in range(2)), return_exceptions=True)
    assert sorted(type(r).__name__ for r in results) == ["MoveRefusedError", "NoneType"]


FINISHED = {"delivered": True, "failed": True, "queued": False, "sending": False, "withdrawn": True}


@pytest.mark.parametrize("status", FINISHED)
async def test_a_campaign_is_finished_when_nothing_is_left_to_send(desk: Desk, running: int, status: str) -> None:
    await desk.plan(running)
    await desk.deliver(running, limit=6)
    await desk.deliver(running, status)
    await desk.sweep()
    assert ((await desk.status())["status"] == "finished") is FINISHED[status]


@pytest.mark.parametrize(("channel", "finished"), [("sms", False), ("email", True)])
async def test_an_unknown_email_does_not_hold_it_open(desk: Desk, channel: str, finished: bool) -> None:
    await desk.debtor("P1")
    campaign = await desk.launch(steps=[{"template": "reminder", "channel": channel}])
    await desk.plan(campaign)
    await desk.deliver(campaign, "unknown")
    await desk.sweep()
    found = await desk.status()
    assert (found["status"] == "finished", found["unknown"]) == (finished, 1)


async def test_a_campaign_that_fails_too_often_pauses_itself_and_says_why(
    desk: Desk, running: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brake, "LEAST", 5)
    await desk.plan(running)
    await desk.deliver(running, "failed", limit=1)
    await desk.deliver(running)
    await desk.do("insert into enrollment (campaign_id, debtor_id, next_at, enrolled_at) select :id, debtor_id, :later, :now"
                  " from enrollment where false", id=running, later=desk.now, now=desk.now)  # fmt: skip
    async with desk.context.session() as session:
        assert await brake.apply(session, now=desk.now) == ["spring"]
    found = await desk.status()
    assert (found["status"], found["paused_why"]) == ("paused", "1 of the last 7 failed, more than 5 %.")


async def test_a_template_edited_after_the_launch_does_not_go_out_unseen(desk: Desk, running: int) -> None:
    await desk.do("update campaign_step set template_version = 'before the edit'")
    await desk.plan(running)
    found = await desk.status()
    assert (found["status"], found["planned"]) == ("paused", 0)
    await _steer(desk, "resume")
    await desk.plan(running)
    assert (await desk.status())["planned"] == 7


async def test_names_are_taken_once_and_unknown_ones_get_a_hint(desk: Desk, context: Context) -> None:
    await desk.launch()
    with pytest.raises(service.CampaignExistsError):
        await desk.launch()
    with pytest.raises(service.NoSuchCampaignError, match="spring"):
        await desk.status("sprin")
    with pytest.raises(DefinitionError, match=r"Did you mean 'Fairview Medical Group'"):
        await desk.launch(name="other", audience={"creditor": "Fairview Medical"})
