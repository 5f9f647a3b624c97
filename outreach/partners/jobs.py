"""When creditors' systems are told, and what is forgotten about them."""

from __future__ import annotations

from outreach.context import Context
from outreach.partners import delivery, events, once, wire
from scheduler import every, job

#: rounds of one run: the next one goes on where it ends
ROUNDS = 20


@every(seconds=2)
@job(name="partners.publish", queue="house")
async def publish(context: Context) -> None:
    """Make events of what was sealed."""
    async with context.session() as session:
        await events.publish(session, now=context.now())


@every(seconds=2)
@job(name="partners.deliver")
async def deliver(context: Context) -> None:
    """Send what is due."""
    async with wire.Caller(loopback=context.settings.development) as caller:
        for _ in range(ROUNDS):
            if not await delivery.deliver(context, now=context.now(), caller=caller):
                return


@every(seconds=3600)
@job(name="partners.forget")
async def forget(context: Context) -> None:
    """Answers of repeated writes after a month, events after three."""
    async with context.session() as session:
        await once.forget(session, now=context.now())
    forgotten = True
    while forgotten:
        async with context.session() as session:
            forgotten = bool(await events.forget(session, now=context.now()))
