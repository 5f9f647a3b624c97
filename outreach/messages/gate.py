"""The last check, just before the first byte: shared try-locks on the people, one statement over everything that may have changed.

The locks are session locks on the lane's own connection, outside any transaction: whoever silences a person takes the exclusive
lock and so waits (a second at most) until the wave's bytes are out, and no byte leaves after they commit. Who passes is marked
in the attempt before the permission is given: an attempt without the mark has certainly sent nothing.

The same session holds the worker's sign of life. It ends with the process, not with its lease: while it is there, a process that
only stands still may yet write, and the reconciler does not take what it held for not sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import psycopg
from sqlalchemy.ext.asyncio import AsyncEngine

from outreach import db
from outreach.messages.attempts import Ready

#: Seconds from taking the locks to the first byte; later, the message is gated again.
FRESH = 0.3
#: Seconds the locks are held: bytes written at the last moment are out of this machine before anybody else may go on.
HOLD = FRESH + 0.1
#: So soon the locks of a wave that ended go, unless another wave's question takes them along.
UNLOCK_SECONDS = 0.005
#: People locked at once: PostgreSQL's lock table is finite (20,000 fail on defaults).
WAVE = 50

#: The locks of waves that ended go (no row: the answer is never null), and this wave's are tried.
_LOCK = """
select d.id from unnest(%(ended)s::bigint[]) as d(id) where pg_advisory_unlock_shared(%(space)s, (d.id %% 2147483648)::int) is null
union all
select d.id from unnest(%(ids)s::bigint[]) as d(id) where pg_try_advisory_lock_shared(%(space)s, (d.id %% 2147483648)::int)
"""
#: Whatever becomes of the machine, its session ends about a minute later.
_SESSION = "-c plan_cache_mode=force_generic_plan -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
_LIVE = "select pg_advisory_lock_shared(%(space)s, hashtext(%(worker)s))"
#: The sweep of dead workers' attempts changes the same row under the opposite condition: one of the two comes first.
_OPEN = """
with passing as (
  select m.id, m.attempts from unnest(%(messages)s::uuid[], %(fences)s::bigint[], %(epochs)s::bigint[]) as w(id, fence, epoch)
  join message m on m.id = w.id and m.fence = w.fence and m.status = 'sending'
  join debtor d on d.id = m.debtor_id and d.epoch = w.epoch
  join lane l on l.name = m.lane and l.stopped_at is null
  left join campaign c on c.id = m.campaign_id
  where (c.id is null or c.status = 'running') and m.lease_until > clock_timestamp()
    and not exists (select 1 from setting where name = 'sending_held')
)
update attempt a set gated_at = coalesce(gated_at, clock_timestamp())
from passing where a.message_id = passing.id and a.number = passing.attempts and a.outcome is null returning a.message_id
"""


def clock() -> float:
    """Seconds that run on while a process is stopped and, where the system counts them, while the machine sleeps."""
    return time.clock_gettime(_BOOT) if _BOOT is not None else time.monotonic()


_BOOT: int | None = getattr(time, "CLOCK_BOOTTIME", None)


@dataclass(slots=True, eq=False)
class Pass:
    """Who of a wave may be sent to, and until when."""

    #: messages; emptied when the locks are lost
    allowed: set[UUID]
    #: on `clock`
    until: float
    #: sends under way
    left: int
    #: people whose locks it holds
    locked: set[int] = field(default_factory=set)
    #: set when none of them is under way
    quiet: asyncio.Event = field(default_factory=asyncio.Event)
    #: set when the locks are gone
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def ended(self) -> None:
        """One of the wave's sends has come to its end."""
        self.left -= 1
        if not self.left:
            self.quiet.set()


def closed(count: int) -> Pass:
    """Nobody may be sent to."""
    return Pass(set(), 0.0, count)


@dataclass(slots=True)
class Permit:
    """Asked just before the first byte, and again after any wait: may it still leave? Renews itself; remembers a no."""

    ready: Ready
    passed: Pass
    renew: Callable[[Ready], Awaitable[Pass]]
    refused: bool = False

    async def __call__(self) -> bool:
        if self.ready.message_id in self.passed.allowed and clock() >= self.passed.until:
            self.passed.ended()
            self.passed = await self.renew(self.ready)
        open_now = self.ready.message_id in self.passed.allowed and clock() < self.passed.until
        self.refused = self.refused or not open_now
        return open_now


class Gate:
    """One connection that holds the locks of all waves of a lane. When it is lost, so is every permission."""

    def __init__(self, engine: AsyncEngine, *, worker: str) -> None:
        self._worker = worker
        self._dsn = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._alone = asyncio.Lock()
        self._open: list[Pass] = []
        self._ending: list[Pass] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._lose()

    async def hold(self, wave: Sequence[Ready], *, now: datetime, opened: asyncio.Future[Pass]) -> None:
        """Lock and check one wave, tell who passed, and unlock when its sends have ended, or nothing may start any more."""
        # Counted from before the locks: whoever waits a second for one has outlasted every byte it may let through.
        passed = Pass(set(), clock() + FRESH, len(wave))
        self._open.append(passed)
        try:
            async with self._alone:
                await self._ask(passed, [r for r in wave if now < r.valid_until])
            opened.set_result(passed)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HOLD):
                    await passed.quiet.wait()
        finally:
            self._open.remove(passed)
            await self._end(passed)

    async def _ask(self, passed: Pass, wave: Sequence[Ready]) -> None:
        """One trip: the locks of waves that ended go, this one's are tried, everything is looked at anew; committed."""
        locked, found = await self._run(
            sorted({r.debtor_id for r in wave}),
            (
                _OPEN,
                {
                    "messages": [r.message_id for r in wave],
                    "fences": [r.fence for r in wave],
                    "epochs": [r.epoch for r in wave],
                },
            ),
        )
        passed.locked = locked
        passed.allowed = {r.message_id for r in wave if r.debtor_id in locked} & found

    async def _end(self, passed: Pass) -> None:
        """Unlock, if the next wave's question has not taken it along."""
        try:
            if passed.locked:
                self._ending.append(passed)
                await asyncio.sleep(UNLOCK_SECONDS)
                async with self._alone:
                    if passed in self._ending:
                        await self._run([])
        finally:
            passed.over.set()

    async def _run(self, people: Sequence[int], *statements: tuple[str, dict[str, Any]]) -> list[set[Any]]:
        """Whose lock was got, and the first columns of what each statement finds then; the locks of waves that ended are gone."""
        ending, self._ending = self._ending, []
        ended = [person for each in ending for person in each.locked]
        locks = {"ids": people, "ended": ended, "space": db.PERSON_LOCK}
        try:
            self._connection = self._connection or await self._connect()
            async with self._connection.pipeline():
                cursors = [await self._connection.execute(*each) for each in ((_LOCK, locks), *statements)]
            return [{row[0] for row in await each.fetchall()} for each in cursors]
        except BaseException:
            await self._lose()
            raise

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        connection = await psycopg.AsyncConnection.connect(
            self._dsn, autocommit=True, prepare_threshold=0, options=_SESSION
        )
        await connection.execute(_LIVE, {"space": db.WORKER_LOCK, "worker": self._worker})
        return connection

    async def _lose(self) -> None:
        for each in (*self._open, *self._ending):
            each.allowed.clear()
            each.locked.clear()
        self._ending.clear()
        if self._connection is not None:
            lost, self._connection = self._connection, None
            await lost.close()
