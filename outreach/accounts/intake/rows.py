"""Placements without a file: rows as mappings, in one transaction of the caller's. The same columns, judged by the same judge."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from outreach import db
from outreach.accounts.intake import checks, columns, record
from outreach.accounts.intake.reader import RawRow, Refusal
from outreach.accounts.intake.taking import Report, Taker

#: what one call may bring: it is one chunk, in one transaction
MOST = 10_000

Values = list[tuple[Any, ...]]


@dataclass(kw_only=True)
class Rows(Taker):
    """One delivery of rows. A row's number is its place in the list, from 1.

    `prepared` sees the good rows, in the order of `record.NAMES`, once the turn to write is ours.
    """

    name: str
    digest: str
    rows: Sequence[Mapping[str, Any]]
    prepared: Callable[[AsyncConnection, Values], Any] | None = None

    async def take(self, connection: AsyncConnection) -> Report:
        """Judge and store every row; nothing is committed."""
        report = Report(file=self.name, rows=len(self.rows))
        driver = await db.driver(connection)
        threshold = driver.prepare_threshold
        good, bad = await asyncio.to_thread(self._judged)  # a second for the longest list; others are served meanwhile
        try:
            await checks.prepare(connection)
            placement = 0 if self.dry_run else await self.placement(connection, name=self.name, digest=self.digest)
            await checks.turn(connection)
            if self.prepared:
                good = await self.prepared(connection, good)
            await self.take_chunk(connection, good, bad, placement, report)
            if not self.dry_run:
                await self.close(connection, placement, report)
            await connection.execute(sa.text("discard temp"))  # the connection goes back to its pool
        finally:
            driver.prepare_threshold = threshold
        return report

    def _judged(self) -> tuple[Values, list[Refusal]]:
        names = list(columns.COLUMNS)
        judge = record.Judge(names, self.now, self.creditor)
        good: Values = []
        bad: list[Refusal] = []
        for number, row in enumerate(self.rows, 1):
            strange = _strange(number, row)
            found = strange or judge.judge(RawRow(number, [_cell(row.get(name)) for name in names]))
            if isinstance(found, tuple):
                good.append(found)
            else:
                bad.extend(found)
        return good, bad


def _strange(number: int, row: Mapping[str, Any]) -> list[Refusal]:
    faults = [Refusal(number, *columns.unknown(name)) for name in row if name not in columns.COLUMNS]
    return faults + [
        Refusal(number, name, "not a single value: write text, a number, true or false")
        for name, value in row.items()
        if isinstance(value, list | dict)
    ]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).strip()
