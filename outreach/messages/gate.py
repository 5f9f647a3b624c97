"""The last check, just before the first byte: shared try-locks on the people, one query over everything that may have changed.

The locks are session locks on a connection of the wave's own, outside any transaction: whoever silences a person takes the
exclusive lock and so waits (a second at most) until the wave's bytes are out, and no byte leaves after they commit.
"""

from __future__ import annotations

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

#: Seconds between the check and the first byte; later, the wave is checked again.
FRESH = 0.5
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
"""


@dataclass(slots=True)
class Pass:
    """Who may be sent to, until when. `open_now()` turns false half a second after the check."""

    allowed: set[UUID]
    checked_at: float
    locked: list[int] = field(default_factory=list)

    def open_now(self) -> bool:
        return time.monotonic() - self.checked_at < FRESH


@asynccontextmanager
async def wave(engine: AsyncEngine, ready: Sequence[Ready], *, now: datetime) -> AsyncIterator[Pass]:
    """Lock and check one wave; the locks go when the block ends."""
    people = sorted({r.debtor_id for r in ready})
    async with engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        locked = set((await connection.scalars(sa.text(_LOCK), {"ids": people, "space": db.PERSON_LOCK})).all())
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
            yield Pass(set(found.all()), time.monotonic(), list(locked))
        finally:
            if locked:
                await connection.execute(sa.text(_UNLOCK), {"ids": list(locked), "space": db.PERSON_LOCK})
