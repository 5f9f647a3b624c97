"""The service's clock. Business time is a parameter everywhere below the edges; only jobs and handlers call `now()`.

With OUTREACH_NOW the clock starts at that instant and runs on. The first process stores the offset in the database and
later ones take it, so that all agree and a restart does not set it back.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


class Clock:
    """Real time plus a fixed offset. `Clock().now()` is aware UTC."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset


async def shared(connection: AsyncConnection, start: datetime | None) -> Clock:
    """The cluster's clock: stores the offset of `start` once, or takes the stored one."""
    if start is not None:
        offset = (start - datetime.now(UTC)).total_seconds()
        await connection.execute(
            text(
                "insert into setting (name, value) values ('clock_offset', to_jsonb(cast(:s as float8))) on conflict do nothing"
            ),
            {"s": offset},
        )
    stored = await connection.scalar(
        text("select cast(value #>> '{}' as float8) from setting where name = 'clock_offset'")
    )
    return Clock(timedelta(seconds=stored or 0.0))
