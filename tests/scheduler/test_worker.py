"""Running what is in line, and stopping in good order."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from scheduler import Retry, enqueue, job, worker
from tests.scheduler.conftest import eventually


@job(name="tests.note")
async def note(context, *, word):
    context.written.append(word)


@job(name="tests.long")
async def long(context):
    context.begun.set()
    await context.go_on.wait()
    context.written.append("done")


@job(name="tests.second_try", retry=Retry(max_attempts=1))
async def second_try(context):
    context.written.append("tried")
    if len(context.written) == 1:
        context.begun.set()
        await context.go_on.wait()
        raise ValueError("not yet")


def statuses(database) -> list[str]:
    with psycopg.connect(database.dsn) as own:
        return [row[0] for row in own.execute("SELECT status::text FROM procrastinate_jobs ORDER BY id")]


async def put(engine, name: str, **arguments: object) -> None:
    async with engine.begin() as connection:
        await enqueue(connection, name, **arguments)


async def test_a_waiting_worker_is_woken_by_a_new_job_and_leaves_no_row_behind(engine, works, diary, database) -> None:
    works()
    await put(engine, "tests.note", word="hello")
    await eventually(lambda: diary.written == ["hello"])
    await eventually(lambda: statuses(database) == [])


async def test_a_job_that_fails_without_retry_stays_to_be_seen(engine, works, diary, database) -> None:
    works()
    await put(engine, "tests.note", wrong="argument")
    await eventually(lambda: statuses(database) == ["failed"])


async def test_a_retry_goes_through_while_another_waits_with_the_same_lock(engine, works, diary, database) -> None:
    works(concurrency=1)
    await put(engine, "tests.second_try", queueing_lock="one")
    await diary.begun.wait()
    await put(engine, "tests.second_try", queueing_lock="one")
    diary.go_on.set()
    await eventually(lambda: diary.written == ["tried"] * 3)
    await eventually(lambda: statuses(database) == [])


async def test_a_stopped_worker_finishes_what_it_began(engine, works, diary, database) -> None:
    stop = works()
    await put(engine, "tests.long")
    await diary.begun.wait()
    stop.set()
    await put(engine, "tests.note", word="too late")
    diary.go_on.set()
    await eventually(lambda: statuses(database) == ["todo"])
    assert diary.written == ["done"]


async def test_a_job_that_outlasts_the_patience_goes_back_in_line(engine, works, diary, database) -> None:
    stop = works(patience=0.05)
    await put(engine, "tests.long")
    await diary.begun.wait()
    stop.set()
    await eventually(lambda: statuses(database) == ["todo"])
    assert diary.written == []


async def test_the_job_of_a_dead_worker_goes_back_in_line(engine, works, diary, database) -> None:
    await put(engine, "tests.note", word="inherited")
    with psycopg.connect(database.dsn) as dead:
        dead.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')")
        dead.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM procrastinate_workers)"
        )
    works()
    await eventually(lambda: diary.written == ["inherited"])


async def test_a_job_that_kills_every_worker_is_given_up(engine, works, database) -> None:
    await put(engine, "tests.note", word="poison")
    with psycopg.connect(database.dsn) as dead:
        dead.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = %s", [worker.MOST_ATTEMPTS])
    works()
    await eventually(lambda: statuses(database) == ["failed"])


async def test_loops_run_beside_the_jobs_until_they_are_told_to_stop(database, diary) -> None:
    stop = asyncio.Event()

    async def deliver(told: asyncio.Event) -> None:
        diary.written.append("delivering")
        diary.begun.set()
        await told.wait()
        diary.written.append("delivered")

    running = asyncio.create_task(worker.run(dsn=database.dsn, context=diary, loops=[deliver], stop=stop))
    await diary.begun.wait()
    stop.set()
    await running
    assert diary.written == ["delivering", "delivered"]


async def test_a_loop_that_breaks_ends_the_worker_with_its_error(database, diary) -> None:
    async def broken(told: asyncio.Event) -> None:
        raise ValueError("broken loop")

    with pytest.raises(ValueError, match="broken loop"):
        await worker.run(dsn=database.dsn, context=diary, loops=[broken], stop=asyncio.Event())
