"""One tick for each moment, however many clocks there are and whichever of them is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from scheduler import Timer, clock, cron, every, job, timers
from tests.scheduler.conftest import eventually

REPOSITORY = Path(__file__).parents[2]
#: The service's clock is years away from the machine's.
AHEAD = datetime(2031, 7, 1, 12, 0, tzinfo=UTC) - datetime.now(UTC)


def service_now() -> datetime:
    return datetime.now(UTC) + AHEAD


@job(name="tests.step")
async def step(context, *, campaign): ...


@pytest.fixture
async def ticks(database) -> AsyncIterator[Callable[..., None]]:
    """Starts a clock."""
    running: list[tuple[asyncio.Event, asyncio.Task[None]]] = []

    def start(due: clock.Due | None = None, now: clock.Now = service_now) -> None:
        stop = asyncio.Event()
        running.append((stop, asyncio.create_task(clock.run(dsn=database.dsn, now=now, due=due, stop=stop))))

    yield start
    for stop, task in running:
        stop.set()
        await task


@pytest.fixture(autouse=True)
def house() -> Iterator[None]:
    """House timers of these tests leave no trace."""
    before = dict(timers._house)
    timers._house.clear()
    yield
    timers._house.clear()
    timers._house.update(before)


def finish_all(database) -> None:
    with psycopg.connect(database.dsn) as worker:
        worker.execute("DELETE FROM procrastinate_jobs")


async def test_two_clocks_tick_once(ticks, waiting) -> None:
    moment = service_now() + timedelta(seconds=0.3)
    asked = 0

    async def due() -> list[Timer]:
        nonlocal asked
        asked += 1
        return [Timer("campaign 1", "tests.step", moment, {"campaign": 1})]

    ticks(due)
    ticks(due)
    await eventually(lambda: asked >= 3)
    assert waiting() == [("tests.step", {"campaign": 1})]


async def test_a_moment_that_was_missed_ticks_once_and_the_next_one_again(ticks, waiting, database) -> None:
    due_at = [service_now() - timedelta(days=2)]

    async def due() -> list[Timer]:
        return [Timer("campaign 1", "tests.step", due_at[0], {"campaign": 1})]

    ticks(due)
    await eventually(lambda: len(waiting()) == 1)
    finish_all(database)
    due_at[0] = service_now()  # the job moved `next_run_at`
    await eventually(lambda: len(waiting()) == 1)


async def test_a_timer_that_is_withdrawn_does_not_tick(ticks, waiting) -> None:
    moment = service_now() + timedelta(seconds=1.5)
    answers: list[list[Timer]] = [[Timer("campaign 1", "tests.step", moment, {"campaign": 1})], []]
    asked = 0

    async def due() -> list[Timer]:
        nonlocal asked
        asked += 1
        return answers[min(asked, 2) - 1]

    ticks(due)
    await eventually(lambda: asked >= 3 and service_now() > moment)
    assert waiting() == []


async def test_a_house_timer_ticks_by_itself_and_does_not_pile_up(ticks, waiting, house) -> None:
    @every(seconds=1)
    @job(name="tests.sweep")
    async def sweep(context): ...

    started = time.monotonic()
    ticks()
    await eventually(lambda: time.monotonic() > started + 2.5)
    assert waiting() == [("tests.sweep", {})]


async def test_a_nightly_tick_that_nobody_was_there_for_is_caught_up_once(ticks, waiting, house, database) -> None:
    @cron("0 3 * * *", timezone="America/New_York")
    @job(name="tests.nightly")
    async def nightly(context): ...

    last = round((service_now() - timedelta(days=9)).timestamp() * 1000)
    with psycopg.connect(database.dsn) as past:
        past.execute(
            "INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp) VALUES (%s, %s, %s)",
            ["tests.nightly", "house:tests.nightly", last],
        )
    ticks()
    await eventually(lambda: waiting() == [("tests.nightly", {})])


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2026-03-07T09:00:00+00:00", "2026-03-08T07:00:00+00:00"),  # 3:00 exists on the day clocks go forward
        ("2026-03-08T07:00:00+00:00", "2026-03-09T07:00:00+00:00"),  # strictly after
        ("2026-11-01T01:00:00+00:00", "2026-11-01T08:00:00+00:00"),  # and comes once on the day they go back
    ],
)
def test_a_nightly_moment_is_a_wall_clock_moment(house, after, expected) -> None:
    @cron("0 3 * * *", timezone="America/New_York")
    @job(name="tests.nightly")
    async def nightly(context): ...

    (timer,) = timers.house()
    assert timer.after(datetime.fromisoformat(after)).at == datetime.fromisoformat(expected)


CLOCK = """
import asyncio, sys
from datetime import UTC, datetime
from scheduler import Timer, clock, job

@job(name="tests.step")
async def step(context, *, campaign): ...

async def due():
    print("leading", flush=True)
    return [Timer("campaign 1", "tests.step", datetime.now(UTC), {"campaign": 1})]

print("started", flush=True)
asyncio.run(clock.run(dsn=sys.argv[1], now=lambda: datetime.now(UTC), due=due))
"""


class Clock:
    """A clock in a process of its own."""

    def __init__(self, dsn: str) -> None:
        command = [sys.executable, "-c", CLOCK, dsn]
        self.process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)

    def says(self, word: str) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline().strip() == word

    def end(self, how: signal.Signals) -> int:
        os.kill(self.process.pid, how)
        self.process.communicate()
        return self.process.returncode


def test_when_the_leader_is_killed_another_leads_within_two_seconds(database, waiting) -> None:
    leader = Clock(database.dsn)
    leader.says("started")
    leader.says("leading")
    follower = Clock(database.dsn)
    follower.says("started")
    leader.end(signal.SIGKILL)
    killed = time.monotonic()
    follower.says("leading")
    assert time.monotonic() - killed < 2
    assert follower.end(signal.SIGTERM) == 0
    assert len(waiting()) == 1
