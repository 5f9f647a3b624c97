"""Ticks. Any number of clocks may run; the one that holds the lock enqueues jobs when they are due, and only that.

APScheduler waits for the moments; it keeps nothing. House timers are declared (`timers`), the application's come from
rows it asks for every second. A tick is unique by key and planned moment in the database, so that two leaders, were
there ever two, would tick once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import psycopg
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from procrastinate import sql
from psycopg.types.json import Jsonb

from scheduler import jobs, stopping, timers

logger = logging.getLogger(__name__)

Now = Callable[[], datetime]
Due = Callable[[], Awaitable[Sequence[timers.Timer]]]

#: Any number that no other lock of the database uses; the same in every clock.
LOCK = 0x7363_6865_6475_6C65
FOLLOW_SECONDS = 0.5  # how often a follower asks for the lock
SYNC_SECONDS = 1.0
#: Should the leader's machine vanish, the server drops its session, and the lock, after about ten seconds.
KEEPALIVE = "SET tcp_keepalives_idle = 4; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3"


async def run(*, dsn: str, now: Now, due: Due | None = None, stop: asyncio.Event | None = None) -> None:
    """Follows or leads until SIGTERM, SIGINT or `stop`. `now` is the service's clock, in which moments are meant.

    `due` gives every timer of the application, next moment each; one whose moment is past ticks at once, and once.
    """
    ours = contextlib.ExitStack()
    if stop is None:
        stop = asyncio.Event()
        ours.enter_context(stopping.on_signals(stop))
    with ours:
        while not stop.is_set():
            try:
                async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
                    await connection.execute(KEEPALIVE)
                    await _follow(connection, stop)
                    await _lead(connection, now, due, stop)
            except psycopg.OperationalError as error:
                logger.warning("the clock lost its database and tries again: %s", error)
                await stopping.pause(stop, seconds=FOLLOW_SECONDS)


async def _follow(connection: psycopg.AsyncConnection, stop: asyncio.Event) -> None:
    while not stop.is_set():
        answer = await (await connection.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])).fetchone()
        if answer == (True,):
            return
        await stopping.pause(stop, seconds=FOLLOW_SECONDS)


async def _lead(connection: psycopg.AsyncConnection, now: Now, due: Due | None, stop: asyncio.Event) -> None:
    leader = _Leader(connection, now)
    # However late, a moment ticks; moments missed while nobody led tick once together.
    leader.waiting.configure(timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True})
    leader.waiting.start()
    try:
        await leader.wind_up()
        while not stop.is_set():
            await connection.execute("SELECT 1")  # no connection, no lock: fails here, and another leads
            if due is not None:
                leader.expect(await due())
            await stopping.pause(stop, seconds=SYNC_SECONDS)
    finally:
        leader.waiting.shutdown(wait=False)


class _Leader:
    """Ticks go over the connection that holds the lock: who lost it cannot tick."""

    def __init__(self, connection: psycopg.AsyncConnection, now: Now) -> None:
        self.connection = connection
        self.now = now
        self.waiting = AsyncIOScheduler()
        self.ticked: dict[str, datetime] = {}

    async def wind_up(self) -> None:
        """Sets the house timers; one that missed moments since its last tick catches up now, once."""
        cursor = await self.connection.execute(
            "SELECT periodic_id, max(defer_timestamp) FROM procrastinate_periodic_defers GROUP BY periodic_id"
        )
        last = {
            str(key): datetime.fromtimestamp(milliseconds / 1000, UTC) for key, milliseconds in await cursor.fetchall()
        }
        now = self.now()
        for repeating in timers.house():
            following = repeating.after(now)
            if following.key in last and repeating.after(last[following.key]).at <= now:
                await self._enqueue(timers.Timer(following.key, following.job, now))
            self._set(following, repeating)

    def expect(self, wanted: Sequence[timers.Timer]) -> None:
        """The application's timers as they are now: new ones are set, changed ones moved, missing ones dropped."""
        keys = {timer.key for timer in wanted}
        for job in self.waiting.get_jobs():
            if job.kwargs["repeating"] is None and job.id not in keys:
                job.remove()
        for timer in wanted:
            if self.ticked.get(timer.key) != timer.at:
                self._set(timer)

    def _set(self, timer: timers.Timer, repeating: timers.Repeating | None = None) -> None:
        moment = datetime.now(UTC) + (timer.at - self.now())
        self.waiting.add_job(
            self._tick,
            "date",
            run_date=moment,
            id=timer.key,
            replace_existing=True,
            kwargs={"timer": timer, "repeating": repeating},
        )

    async def _tick(self, timer: timers.Timer, repeating: timers.Repeating | None) -> None:
        if repeating is not None:
            self._set(repeating.after(max(timer.at, self.now())), repeating)
        with contextlib.suppress(asyncio.CancelledError):  # the clock stops: whoever leads next ticks this moment
            if await self._enqueue(timer):
                self.ticked[timer.key] = timer.at

    async def _enqueue(self, timer: timers.Timer) -> bool:
        """False while the tick before this one still waits for a worker: ticks do not pile up behind a standstill."""
        wanted = jobs.find(timer.job)
        parameters = {
            "task_name": wanted.name,
            "queue": wanted.queue,
            "priority": wanted.priority,
            "lock": None,
            "queueing_lock": f"tick:{timer.key}",
            "periodic_id": timer.key,
            "defer_timestamp": round(timer.at.timestamp() * 1000),
            "args": Jsonb(dict(timer.arguments)),
        }
        try:
            await self.connection.execute(sql.queries["defer_periodic_job"], parameters)
        except psycopg.errors.UniqueViolation:
            return False
        return True
