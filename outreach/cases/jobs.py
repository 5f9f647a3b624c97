"""What time and arrivals do to cases: a snooze ends."""

from __future__ import annotations

from outreach.cases import service
from outreach.context import Context
from scheduler import every, job


@every(seconds=30)
@job(name="cases.wake")
async def wake(context: Context) -> None:
    """Wake what was put aside until now, or whose debtor wrote."""
    async with context.session() as session:
        await service.wake(session, now=context.now())
