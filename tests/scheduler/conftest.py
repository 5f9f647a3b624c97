"""A queue on a real database, and jobs that write down that they ran."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from outreach import embedded
from scheduler import worker


@dataclass
class Diary:
    """What jobs of these tests get as their context."""

    written: list[str] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
async def engine(database: embedded.Server) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(database.url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    async with engine.connect() as connection:
        yield connection


@pytest.fixture
def waiting(database: embedded.Server) -> Callable[[], list[tuple[str, dict[str, object]]]]:
    """Name and arguments of every job in line."""

    def read() -> list[tuple[str, dict[str, object]]]:
        with psycopg.connect(database.dsn) as own:
            rows = own.execute("SELECT task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
            return [(name, arguments) for name, arguments in rows]

    return read


@pytest.fixture
async def works(database: embedded.Server, diary: Diary) -> AsyncIterator[Callable[..., asyncio.Event]]:
    """Starts a worker; the event stops it."""
    running: list[tuple[asyncio.Event, asyncio.Task[None]]] = []

    def start(**options: object) -> asyncio.Event:
        stop = asyncio.Event()
        run = worker.run(dsn=database.dsn, context=diary, stop=stop, **options)  # type: ignore[arg-type]
        running.append((stop, asyncio.create_task(run)))
        return stop

    yield start
    for stop, task in running:
        stop.set()
        await task


async def eventually(condition: Callable[[], bool | Awaitable[bool]]) -> None:
    """Workers and clocks need a moment; ten seconds is a failure."""
    deadline = time.monotonic() + 10
    while True:
        met = condition()
        if met is True or (met is not False and await met):
            return
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
