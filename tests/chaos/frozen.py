"""R22: a worker stopped (SIGSTOP) in the middle of its work wakes up after its lease was taken; meanwhile others fight for the CPU."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterator

from channels.carrier import Faults
from tests.chaos.world import PROCESSES, WENT, Verdict, World

FAULTS = Faults(latency_ms=(100.0, 300.0))
SETTINGS = {"LEASE_SECONDS": "3", "WORKER_CONCURRENCY": "40"}


async def frozen_worker(world: World, *, messages: int, rounds: int) -> list[Verdict]:
    """Others finish its work but what it may still write; awake again, it sends nothing, and says so."""
    woken = 0
    with starving():
        for _ in range(rounds):
            begun = len(world.carrier.ledger.entries)
            await world.crowd(messages)
            world.start()
            await world.handed(begun + world.random.randrange(messages // 8, messages // 2))
            frozen = world.workers[0].pid or 0
            os.kill(frozen, signal.SIGSTOP)
            world.start()
            await world.settled(unknown=["sms"])
            before = len(world.carrier.ledger.entries)
            os.kill(frozen, signal.SIGCONT)
            await asyncio.sleep(2.0)
            woken += len(world.carrier.ledger.entries) - before
            await world.settled()
            world.kill(replace=False)
            world.kill(replace=False)
    statuses = await world.counts()
    twice = world.duplicates("sms")
    return [
        Verdict(
            id="R22",
            passed=not twice and statuses.keys() <= WENT and statuses.total() == messages * rounds,
            value=f"{rounds} times {messages} texts, each time one worker stopped beyond its lease and every core taken:"
            f" {twice} duplicates, {woken} sent as they woke, {dict(statuses)}",
        )
    ]


@contextlib.contextmanager
def starving() -> Iterator[None]:
    """A report that takes every core there is."""
    reports = [PROCESSES.Process(target=_report, daemon=True) for _ in range(os.cpu_count() or 1)]
    for each in reports:
        each.start()
    try:
        yield
    finally:
        for each in reports:
            each.kill()
            each.join()


def _report() -> None:
    while True:
        sum(range(100_000))
