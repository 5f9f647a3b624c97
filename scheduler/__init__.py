"""How to do work later, on the PostgreSQL that holds everything else. Knows nothing of what the work is.

    @every(seconds=30)                                    # the clock enqueues it, the worker runs it
    @job(name="reconcile", queue="default", retry=Retry(max_attempts=5, exponential_wait=2))
    async def reconcile(context: Context, *, batch: int = 500) -> None: ...

    await enqueue(connection, "reconcile", queueing_lock="reconcile", batch=100)   # in the caller's transaction
    await worker.run(dsn=dsn, context=context, loops=[delivery.loop])              # until SIGTERM, then drains
    await clock.run(dsn=dsn, now=service_clock.now, due=campaigns.due)             # any number of them, one ticks

The tables are Procrastinate's own schema, made by a migration of the application. A job may run twice (after a crash,
a drain, a retry): it does its work in one transaction, or knows what it did.
"""

from scheduler.jobs import Job, Retry, UnknownJobError, enqueue, job
from scheduler.timers import Timer, cron, every

__all__ = ["Job", "Retry", "Timer", "UnknownJobError", "cron", "enqueue", "every", "job"]
