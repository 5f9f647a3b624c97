"""R7: a campaign is paused, resumed and at last cancelled at random moments."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from channels.carrier import Faults
from outreach.campaigns import queue, service
from outreach.campaigns.definition import validate
from tests.chaos.world import WENT, Verdict, World

FAULTS = Faults(latency_ms=(20.0, 200.0))
SETTINGS = {"SMS_SEGMENTS_PER_SECOND": "100"}
NAME = "spring-reminder"
FILE = {"name": NAME, "audience": {}, "steps": [{"template": "reminder", "channel": "sms"}]}
#: what effective means (quality-bars R7)
EFFECTIVE = timedelta(seconds=2)


async def pause_and_resume(world: World, *, messages: int, pauses: int) -> list[Verdict]:
    """Nothing starts later than two seconds after a pause; resumed, nobody is left out and nobody hears twice."""
    campaign_id = await _running(world)
    await world.crowd(messages, campaign_id=campaign_id)
    world.start(2)
    await world.handed()
    silences: list[tuple[str, str]] = []
    for _ in range(pauses):
        await asyncio.sleep(world.random.uniform(0.0, 0.6))
        await _switch(world, service.pause)
        quiet_from = _iso(EFFECTIVE)
        await asyncio.sleep(world.random.choice((0.0, 0.1, 2.5)))
        silences.append((quiet_from, _iso()))
        await _switch(world, service.resume)
    resumed = await world.settled()
    await world.crowd(messages, campaign_id=campaign_id)
    await asyncio.sleep(0.5)
    await _switch(world, service.cancel)
    quiet_from = _iso(EFFECTIVE)
    await world.settled()
    await asyncio.sleep(2.5)
    silences.append((quiet_from, "9"))
    entries = world.carrier.ledger.entries
    late = [e for e in entries for begin, end in silences if begin < e.started_at < end]
    twice = world.duplicates("sms")
    return [
        Verdict(
            id="R7",
            passed=not (late or twice) and resumed.keys() <= WENT and resumed.total() == messages,
            value=f"{pauses} pauses, 1 cancel: {len(late)} sent while silent, {twice} duplicates; after resuming {dict(resumed)},"
            f" after cancelling {dict(await world.counts())}",
        )
    ]


async def _running(world: World) -> int:
    async with world.context.session() as session:
        campaign_id = await service.create(session, validate(FILE), now=world.now(), actor="staff:1")
        await service.launch(session, NAME, now=world.now(), actor="staff:1", second_person=False)
    return campaign_id


async def _switch(world: World, verb: Any) -> None:
    async with world.context.session() as session:
        campaign_id = await verb(session, NAME, now=world.now(), actor="staff:1")
    await queue.mark(world.context.engine, campaign_id, now=world.now())


def _iso(later: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) + later).isoformat(timespec="microseconds")
