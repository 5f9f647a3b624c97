"""When the upkeep of plans and promises is done."""

from __future__ import annotations

from outreach.context import Context
from outreach.plans import promises, reviews, upkeep
from scheduler import every, job


@every(seconds=3600)
@job(name="plans.remind")
async def remind(context: Context) -> None:
    """Remind of payments three to five working days ahead."""
    async with context.session() as session:
        await upkeep.remind(session, now=context.now(), settings=context.settings)


@every(seconds=300)
@job(name="plans.upkeep")
async def keep_up(context: Context) -> None:
    """Follow reviews, miss, break, forget; mark promises nobody kept. Each in its own transaction: one trouble holds no other."""
    async with context.session() as session:
        await reviews.follow(session, now=context.now())
    async with context.session() as session:
        await upkeep.miss(session, now=context.now())
    async with context.session() as session:
        await upkeep.break_off(session, now=context.now())
    async with context.session() as session:
        await upkeep.forget(session, now=context.now(), hours=context.settings.open_question_hours)
    async with context.session() as session:
        await promises.sweep(session, now=context.now())
