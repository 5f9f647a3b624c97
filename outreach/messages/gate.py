"""The last check, just before the first byte: shared try-locks on the people, one query over everything that may have changed.

The locks are session locks on a connection of the wave's own, outside any transaction: whoever silences a person takes the
exclusive lock and so waits (a second at most) until the wave's bytes are out, and no byte leaves after they commit.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from outreach import db
from outreach.messages.prepare import Ready

#: Seconds from taking the locks to the first byte; later, the message is gated again.
FRESH = 0.5
#: Seconds the locks are held: bytes written at the last moment are out of this machine before anybody else may go on.
HOLD = FRESH + 0.1
#: People locked at once: PostgreSQL's lock table is finite (20,000 fail on defaults).
WAVE = 50

_LOCK = """
select d.id from unnest(cast(:ids as bigint[])) as d(id)
where pg_try_advisory_lock_shared(:space, (d.id % 2147483648)::int)
"""
_UNLOCK = """
select pg_advisory_unlock_shared(:space, (d.id % 2147483648)::int) from unnest(cast(:ids as bigint[])) as d(id)
"""
_CHECK = """
select w.id from unnest(cast(:messages as uuid[]), cast(:fences as bigint[]), cast(:epochs as bigint[])) as w(id, fence, epoch)
join message m on m.id = w.id and m.fence = w.fence and m.status = 'sending'
join debtor d on d.id = m.debtor_id and d.epoch = w.epoch
join lane l on l.name = m.lane and l.stopped_at is null
left join campaign c on c.id = m.campaign_id
where (c.id is null or c.status = 'running') and m.lease_until > clock_timestamp()
  and not exists (select 1 from setting where name = 'sending_held')
"""


@dataclass(slots=True)
class Pass:
    """Who of a wave may be sent to, and until when."""

    allowed: set[UUID]
    #: on the monotonic clock, which runs on while a process is stopped
    until: float
    #: set when the locks are gone
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def permit(self, message_id: UUID) -> Permit:
        return Permit(self, message_id)


@dataclass(slots=True)
class Permit:
    """Asked just before the first byte, and again after any wait: may it still leave? Remembers a no."""

    passed: Pass
    message_id: UUID
    refused: bool = False

    def __call__(self) -> bool:
        open_now = self.message_id in self.passed.allowed and time.monotonic() < self.passed.until
        self.refused = self.refused or not open_now
        return open_now


@asynccontextmanager
async def wave(engine: AsyncEngine, ready: Sequence[Ready], *, now: datetime) -> AsyncIterator[Pass]:
    """Lock and check one wave; the locks go when the block ends."""
    if not ready:
        yield Pass(set(), 0.0)
        return
    people = sorted({r.debtor_id for r in ready})
    async with engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        # Counted from before the locks: whoever waits a second for one has outlasted every byte it may let through.
        until = time.monotonic() + FRESH
        locked = set((await connection.scalars(sa.text(_LOCK), {"ids": people, "space": db.PERSON_LOCK})).all())
        passed = Pass(set(), until)
        try:
            candidates = [r for r in ready if r.debtor_id in locked and now < r.valid_until]
            found = await connection.scalars(
                sa.text(_CHECK),
                {
                    "messages": [r.message_id for r in candidates],
                    "fences": [r.fence for r in candidates],
                    "epochs": [r.epoch for r in candidates],
                },
            )
            passed.allowed.update(found.all())
            yield passed
        finally:
            try:
                if locked:
                    await connection.execute(sa.text(_UNLOCK), {"ids": list(locked), "space": db.PERSON_LOCK})
            finally:
                passed.over.set()
