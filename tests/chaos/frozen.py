"""R22: a worker stopped (SIGSTOP) in the middle of its work wakes up after its lease was taken."""

from __future__ import annotations

import asyncio
import os
import signal

from channels.carrier import Faults
from tests.chaos.world import WENT, Verdict, World

FAULTS = Faults(latency_ms=(100.0, 300.0))
SETTINGS = {"LEASE_SECONDS": "3", "WORKER_CONCURRENCY": "40"}


async def frozen_worker(world: World, *, messages: int) -> list[Verdict]:
    """Others finish its work; awake again, it sends nothing."""
    await world.crowd(messages)
    world.start()
    await world.handed(messages // 4)
    frozen = world.workers[0].pid or 0
    os.kill(frozen, signal.SIGSTOP)
    world.start()
    await world.settled()
    before = len(world.carrier.ledger.entries)
    os.kill(frozen, signal.SIGCONT)
    await asyncio.sleep(2.0)
    after = len(world.carrier.ledger.entries)
    statuses = await world.counts()
    return [
        Verdict(
            id="R22",
            passed=before == after and not world.duplicates("sms") and statuses.keys() <= WENT,
            value=f"{messages} texts, one worker stopped beyond its lease: {after - before} sent when it woke,"
            f" {world.duplicates('sms')} duplicates, {dict(statuses)}",
        )
    ]
