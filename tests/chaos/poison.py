"""R14: a message that kills its worker's process each time it is looked at."""

from __future__ import annotations

import asyncio
import time

from tests.chaos.world import WENT, Verdict, World

SETTINGS = {"LEASE_SECONDS": "2"}


async def poison(world: World, *, messages: int) -> list[Verdict]:
    """It is parked the third time; its neighbours hardly wait."""
    people = await world.crowd(messages)
    world.environment["CHAOS_POISON"] = str(people[messages // 2])
    began = time.monotonic()
    world.start(2)
    while await world.pending() and time.monotonic() - began < 90:  # noqa: ASYNC110  # other processes tell nobody
        await asyncio.sleep(0.2)
    statuses = await world.counts()
    return [
        Verdict(
            id="R14",
            passed=statuses.pop("parked", 0) == 1 and statuses.keys() <= WENT and not world.duplicates("sms"),
            value=f"{world.deaths} workers died of it; {dict(statuses)} after {time.monotonic() - began:.0f} s",
        )
    ]
