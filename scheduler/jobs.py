"""What can be done later, and how it gets in line: Procrastinate, in the transaction that made the work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from procrastinate import PsycopgConnector, RetryStrategy, exceptions, tasks
from procrastinate.manager import JobManager
from sqlalchemy.ext.asyncio import AsyncConnection

Retry = RetryStrategy
#: The first argument of every job: whatever the application handed the worker.
Work = Callable[..., Awaitable[None]]


class UnknownJobError(LookupError):
    """No job of this name is declared; was the module that declares it imported?"""


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work with a name that stays: rows in the queue name it."""

    name: str
    work: Work
    queue: str
    priority: int
    retry: Retry | None = field(compare=False)

    async def __call__(self, context: object, **arguments: Any) -> None:
        await self.work(context, **arguments)


_jobs: dict[str, Job] = {}
#: Never opened: it only writes on connections of others.
_manager = JobManager(PsycopgConnector())


def job(*, name: str, queue: str = "default", priority: int = 0, retry: Retry | None = None) -> Callable[[Work], Job]:
    """Declares a function `(context, **arguments)` as a job; the higher priority runs first.

    Without `retry` a failure is final; failed jobs stay in the table, others are deleted.
    """

    def declare(work: Work) -> Job:
        declared = Job(name, work, queue, priority, retry)
        if name in _jobs and _jobs[name].work.__module__ != work.__module__:
            raise ValueError(f"two jobs are named {name!r}")
        _jobs[name] = declared
        return declared

    return declare


def declared() -> dict[str, Job]:
    return dict(_jobs)


def find(name: str) -> Job:
    try:
        return _jobs[name]
    except KeyError:
        raise UnknownJobError(f"no job named {name!r} is declared") from None


async def enqueue(
    connection: AsyncConnection,
    name: str,
    *,
    queueing_lock: str | None = None,
    at: datetime | None = None,
    **arguments: Any,
) -> bool:
    """Puts a job in line with the caller's transaction: committed or rolled back with it. False = already waiting.

    At most one job with a `queueing_lock` waits at a time; one that runs does not count. `at` is the server's time.
    """
    wanted = find(name)
    if not connection.in_transaction():
        await connection.begin()  # what any statement of SQLAlchemy's own would do; this one goes around it
    driver = (await connection.get_raw_connection()).driver_connection
    deferrer = tasks.configure_task(
        name=name,
        job_manager=_manager,
        queue=wanted.queue,
        priority=wanted.priority,
        queueing_lock=queueing_lock,
        schedule_at=at,
        connection=driver,
    )
    if queueing_lock is None:
        await deferrer.defer_async(**arguments)
        return True
    try:
        async with connection.begin_nested():  # a conflict aborts the transaction it happens in
            await deferrer.defer_async(**arguments)
    except exceptions.AlreadyEnqueued:
        return False
    return True
