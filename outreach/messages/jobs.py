"""What time asks of messages: leases, deadlines, unknowns, silent receipts, the audit chain."""

from __future__ import annotations

from outreach import audit
from outreach.context import Context
from outreach.messages import media, reconcile, sweep
from scheduler.jobs import job
from scheduler.timers import every


@every(seconds=5)
@job(name="messages.sweep", queue="house", priority=5)
async def sweep_leases(context: Context) -> None:
    """Claims go back, attempts become unknown, late messages expire; then the provider is asked."""
    now = context.now()
    async with context.session() as session:
        await sweep.sweep(session, now=now)
    await reconcile.reconcile(context, now=now)


@every(seconds=300)
@job(name="messages.poll", queue="house")
async def poll_silent(context: Context) -> None:
    """Callbacks can be lost: ask for what was accepted and never heard of again."""
    await reconcile.poll(context, now=context.now())


@every(seconds=30)
@job(name="messages.media", queue="house")
async def fetch_media(context: Context) -> None:
    """Files people sent that their provider still keeps."""
    await media.fetch_pending(context)


@every(seconds=1)
@job(name="audit.seal", queue="house", priority=1)
async def seal_trail(context: Context) -> None:
    """Chain what was committed."""
    async with context.engine.begin() as connection:
        await audit.seal(connection, now=context.now(), secret=context.key)
