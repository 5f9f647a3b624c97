"""Getting in line with the transaction that made the work."""

from __future__ import annotations

import pytest

from scheduler import UnknownJobError, enqueue, job


@job(name="tests.answer", queue="replies", priority=5)
async def answer(context, *, thread):
    context.written.append(f"answered {thread}")


async def test_a_job_is_committed_with_the_work_that_made_it(connection, waiting) -> None:
    assert await enqueue(connection, "tests.answer", thread=1)
    assert waiting() == []
    await connection.commit()
    assert waiting() == [("tests.answer", {"thread": 1})]


async def test_a_job_is_rolled_back_with_the_work_that_made_it(connection, waiting) -> None:
    await enqueue(connection, "tests.answer", thread=1)
    await connection.rollback()
    assert waiting() == []


async def test_one_job_waits_for_a_lock_and_the_second_does_not_disturb_the_transaction(connection, waiting) -> None:
    assert await enqueue(connection, "tests.answer", queueing_lock="thread 1", thread=1)
    assert not await enqueue(connection, "tests.answer", queueing_lock="thread 1", thread=1)
    assert await enqueue(connection, "tests.answer", queueing_lock="thread 2", thread=2)
    await connection.commit()
    assert [arguments["thread"] for _, arguments in waiting()] == [1, 2]


async def test_two_transactions_cannot_both_enqueue_under_one_lock(engine, connection, waiting) -> None:
    await enqueue(connection, "tests.answer", queueing_lock="thread 1", thread=1)
    await connection.commit()
    async with engine.begin() as other:
        assert not await enqueue(other, "tests.answer", queueing_lock="thread 1", thread=1)
    assert len(waiting()) == 1


async def test_a_job_nobody_declared_is_refused_where_it_is_enqueued(connection) -> None:
    with pytest.raises(UnknownJobError, match=r"tests\.unheard_of"):
        await enqueue(connection, "tests.unheard_of")


def test_two_modules_cannot_give_one_name_to_two_jobs() -> None:
    async def other(context): ...

    other.__module__ = "elsewhere"
    with pytest.raises(ValueError, match=r"tests\.answer"):
        job(name="tests.answer")(other)
