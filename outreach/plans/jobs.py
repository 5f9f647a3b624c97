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
@job(name="plans.follow")
async def follow(context: Context) -> None:
    """Rest, go on or end with the account."""
    async with context.session() as session:
        await reviews.follow(session, now=context.now())


@every(seconds=300)
@job(name="plans.miss")
async def miss(context: Context) -> None:
    """Mark what was not paid, then end the peace of plans nobody keeps."""
    async with context.session() as session:
        await upkeep.miss(session, now=context.now())
    async with context.session() as session:
        await upkeep.break_off(session, now=context.now())


@every(seconds=300)
@job(name="plans.forget")
async def forget(context: Context) -> None:
    """Drop offers nobody answered."""
    async with context.session() as session:
        await upkeep.forget(session, now=context.now(), hours=context.settings.open_question_hours)


@every(seconds=300)
@job(name="plans.promises")
async def sweep_promises(context: Context) -> None:
    """Mark promises nobody kept."""
    async with context.session() as session:
        await promises.sweep(session, now=context.now())
