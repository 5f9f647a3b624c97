"""R10 and the queue at size: many colleagues, many cases. Figures are printed, bounds asserted."""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import Any

import pytest
import sqlalchemy as sa

from outreach.cases import claims, queries, record
from outreach.context import Context
from tests.nouns import cast

pytestmark = pytest.mark.slow


async def _many_cases(context: Context, now: Any, count: int) -> None:
    async with context.session() as session:
        await session.execute(
            sa.text(
                "insert into debtor (ref, first_name, last_name, created_at)"
                " select 'M-' || n, 'Dana', 'Holloway', :now from generate_series(1, :count) n"
            ),
            {"now": now, "count": count},
        )
        await session.execute(
            sa.text(
                "insert into cases (debtor_id, reason, priority, opened_at, due_at)"
                " select id, 'ask_human', (array['urgent', 'high', 'normal'])[1 + id % 3], :now,"
                " :now + (id % 9973) * interval '1 minute' from debtor"
            ),
            {"now": now},
        )
    async with context.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(sa.text("analyze"))


async def test_twenty_colleagues_claim_the_same_cases(context: Context, now: Any) -> None:
    await _many_cases(context, now, 100)
    async with context.session() as session:
        people = [await cast.colleague(session, now=now, name=f"Colleague {n:02}") for n in range(20)]
        cases = [row["id"] for row in (await queries.queue(session, now=now, limit=100)).rows]
    took: list[float] = []

    async def work(person: int) -> list[int]:
        mine = []
        for case_id in cases:
            started = time.perf_counter()
            try:
                async with context.session() as session:
                    await claims.claim(session, now=now, case_id=case_id, staff_id=person)
                mine.append(case_id)
            except record.TakenError:
                pass
            took.append(time.perf_counter() - started)
        return mine

    owned = await asyncio.gather(*(work(person) for person in people))
    assert sorted(case_id for mine in owned for case_id in mine) == sorted(cases)
    slowest, p95 = max(took), statistics.quantiles(took, n=20)[-1]
    print(f"claims: {len(took)}, p95 {p95 * 1000:.0f} ms, slowest {slowest * 1000:.0f} ms")
    assert slowest < 2


async def test_every_page_of_fifty_thousand_cases_comes_quickly(context: Context, now: Any) -> None:
    await _many_cases(context, now, 50_000)
    async with context.session() as session:
        ana = await cast.colleague(session, now=now)
        after: str | None = None
        took = []
        for view in ("all", "unassigned", "breaching", "mine"):
            for _ in range(5):
                started = time.perf_counter()
                page = await queries.queue(session, now=now, view=view, staff_id=ana, after=after)
                took.append((time.perf_counter() - started, view))
                after = page.after
            after = None
        started = time.perf_counter()
        counted = await queries.counts(session, now=now, staff_id=ana)
        counting = time.perf_counter() - started
    assert counted["all"] == 50_000
    slowest, view = max(took)
    print(f"queue of 50,000: slowest page {slowest * 1000:.0f} ms ({view}), counts {counting * 1000:.0f} ms")
    assert slowest < 0.2
