"""Runs jobs, and the loops it is handed, until it is told to stop; then lets what runs end in good order."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import procrastinate
from procrastinate import jobs as queued
from procrastinate.app import WorkerOptions
from procrastinate.exceptions import JobAborted
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from scheduler import jobs, stopping

#: A loop looks at the event between two rounds and returns soon after it is set.
Loop = Callable[[asyncio.Event], Awaitable[None]]

HEARTBEAT_SECONDS = 10.0
SILENT_SECONDS = 30.0  # without a heartbeat a worker counts as dead
ALWAYS: WorkerOptions = {
    "fetch_job_polling_interval": 1.0,  # only for jobs scheduled ahead or retried: new ones wake the worker by NOTIFY
    "delete_jobs": "successful",
    "install_signal_handlers": False,
    "update_heartbeat_interval": HEARTBEAT_SECONDS,
    "stalled_worker_timeout": SILENT_SECONDS,
}
MOST_ATTEMPTS = 10  # of a job whose worker died each time: the job may be what kills them


class WorkerLostError(RuntimeError):
    """The worker ended by itself: it lost its database, or cannot listen to it. Its log says why; start it again."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


async def run(
    *,
    dsn: str,
    context: object,
    loops: Sequence[Loop] = (),
    queues: Sequence[str] = (),
    concurrency: int = 10,
    patience: float = 30.0,
    stop: asyncio.Event | None = None,
) -> None:
    """Returns when drained after SIGTERM, SIGINT or `stop`; `patience` is in seconds, then what runs is cancelled.

    A cancelled job goes back in line. When a loop ends or raises, or the database is lost, all is drained and the
    error raised. With `stop` given, signals are the caller's business. No `queues` means all of them.
    """
    ours = contextlib.ExitStack()
    if stop is None:
        stop = asyncio.Event()
        ours.enter_context(stopping.on_signals(stop))
    app = _application(dsn, context)
    with ours:
        async with app.open_async():
            parts: list[Awaitable[None]] = [loop(stop) for loop in loops]
            options: WorkerOptions = {**ALWAYS, "concurrency": concurrency, "shutdown_graceful_timeout": patience}
            if queues:
                options["queues"] = queues
            parts.append(_run_jobs(app, stop, options))
            parts.append(_revive_stalled(app, stop))
            await _together(parts, stop, patience=patience)


async def _together(parts: Sequence[Awaitable[None]], stop: asyncio.Event, *, patience: float) -> None:
    """The first part that ends, ends all: half a worker would look alive and do half the work."""
    running = [asyncio.ensure_future(part) for part in parts]
    await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    _, late = await asyncio.wait(running, timeout=patience + 1)
    for part in late:
        part.cancel()
    results = await asyncio.gather(*running, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _run_jobs(app: procrastinate.App, stop: asyncio.Event, options: WorkerOptions) -> None:
    worker = asyncio.ensure_future(app.run_worker_async(**options))
    stopped = asyncio.ensure_future(stop.wait())
    await asyncio.wait({worker, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    worker.cancel()  # is how Procrastinate is asked to drain
    with contextlib.suppress(asyncio.CancelledError):
        await worker
    if not stop.is_set():
        raise WorkerLostError


async def _revive_stalled(app: procrastinate.App, stop: asyncio.Event) -> None:
    """Jobs of workers that died go back in line; one that seems to kill its workers does not."""
    while not stop.is_set():
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
            with contextlib.suppress(procrastinate.exceptions.ConnectorException):  # another worker was faster
                await _revive(app, job)
        await stopping.pause(stop, seconds=HEARTBEAT_SECONDS)


async def _revive(app: procrastinate.App, job: queued.Job) -> None:
    if job.attempts < MOST_ATTEMPTS:
        await _free_lock(app, job)
        await app.job_manager.retry_job(job, retry_at=datetime.now(UTC))
    else:
        await app.job_manager.finish_job(job, status=queued.Status.FAILED, delete_job=False)


async def _free_lock(app: procrastinate.App, job: queued.Job) -> None:
    """Going back in line must not meet another waiting with the same lock: that leaves the job running for ever."""
    if job.queueing_lock is not None:
        await app.connector.execute_query_async(
            "UPDATE procrastinate_jobs SET queueing_lock = NULL WHERE id = %(id)s", id=job.id
        )


class _Retry(BaseRetryStrategy):
    """What the job declared; and always when it was cancelled by a drain, for the next worker to do."""

    def __init__(self, declared: jobs.Retry | None) -> None:
        self.declared = declared

    def get_retry_decision(self, *, exception: BaseException, job: queued.Job) -> RetryDecision | None:
        if isinstance(exception, (asyncio.CancelledError, JobAborted)):
            return RetryDecision(retry_at=datetime.now(UTC))
        if self.declared is None:
            return None
        return self.declared.get_retry_decision(exception=exception, job=job)


def _application(dsn: str, context: object) -> procrastinate.App:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=dsn, min_size=1, max_size=4))
    for job in jobs.declared().values():
        app.task(name=job.name, queue=job.queue, retry=_Retry(job.retry), pass_context=True)(_bound(job, context))
    return app


def _bound(job: jobs.Job, context: object) -> Callable[..., Awaitable[None]]:
    async def work(queue: procrastinate.JobContext, **arguments: Any) -> None:
        await _free_lock(queue.app, queue.job)
        await job(context, **arguments)

    return work
