"""R3: the database is killed (`kill -9`) and comes back, again and again, in the middle of a campaign."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time

from channels.carrier import Faults
from outreach import db
from tests.chaos.world import WENT, Verdict, World

FAULTS = Faults(latency_ms=(20.0, 300.0))
#: slow enough that there is always something left to send
SETTINGS = {"SMS_SEGMENTS_PER_SECOND": "25"}


async def database_restarts(world: World, *, messages: int, restarts: int) -> list[Verdict]:
    """Nothing is sent twice, nothing is lost; the first request follows soon after the database answers."""
    await world.crowd(messages)
    world.start(2)
    back: list[float] = []
    for _ in range(restarts):
        await world.handed(len(world.carrier.ledger.entries) + world.random.randrange(1, messages // restarts // 3))
        found = await world.rows("select pg_read_file('postmaster.pid') as file")
        os.kill(int(found[0]["file"].split()[0]), signal.SIGKILL)
        await _answering(world)
        began, before = time.monotonic(), len(world.carrier.ledger.entries)
        with contextlib.suppress(TimeoutError):
            await world.handed(before + 1, seconds=20)
        back.append(time.monotonic() - began)
    statuses = await world.settled()
    twice = world.duplicates("sms")
    return [
        Verdict(
            id="R3",
            passed=not twice and statuses.keys() <= WENT and max(back) <= 15,
            value=f"{messages} texts, {restarts} kills of the database: {twice} duplicates, {dict(statuses)}, first request"
            f" at most {max(back):.1f} s after it answered",
        )
    ]


async def _answering(world: World) -> None:
    while True:
        await asyncio.sleep(0.1)
        with contextlib.suppress(*db.OUTAGE):
            await world.rows("select 1 as one")
            return
