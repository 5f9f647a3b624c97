"""Takes a placement file: a chunk, a transaction.

The one write besides delivery that commits below the edge: a million rows in one transaction would hold their locks for
minutes, and a file killed half way is resumed by giving it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from outreach.accounts.intake import checks, columns, reader, record
from outreach.accounts.intake.reader import Refusal
from outreach.accounts.intake.taking import Report, Taker

__all__ = ["Intake", "Report"]

CHUNK = 5_000

#: good rows as values, and the refusals of the rows between them
_Chunk = tuple[list[tuple[Any, ...]], list[Refusal]]


@dataclass(kw_only=True)
class Intake(Taker):
    """One reading of one file. `progress` is told the bytes read so far."""

    engine: AsyncEngine
    path: Path
    progress: Callable[[int], None] = lambda _: None

    async def take(self) -> Report:
        """Read, judge and store every row. Raises FileRefusedError, nothing written, when it is no placement."""
        reader.size(self.path)
        report = Report(file=self.path.name)
        with self.path.open("rb") as file:
            rows = reader.start(file)
            names = columns.match(rows.header(), creditor_given=self.creditor is not None)
            judge = record.Judge(names, self.now, self.creditor)
            async with self.engine.connect() as connection:
                try:
                    await self._run(connection, rows, judge, report)
                finally:
                    await connection.rollback()
                    await connection.invalidate()  # its temporary tables go with it
        return report

    async def _run(self, connection: AsyncConnection, rows: reader.Reader, judge: record.Judge, report: Report) -> None:
        async with connection.begin():
            await checks.prepare(connection)
            placement = 0 if self.dry_run else await self._placement(connection)
        for chunk, refusals in self._chunks(rows, judge, report):
            async with connection.begin():
                await self.take_chunk(connection, chunk, refusals, placement, report)
            self.progress(rows.position)
        if not self.dry_run:
            async with connection.begin():
                await self.close(connection, placement, report)

    def _chunks(self, rows: reader.Reader, judge: record.Judge, report: Report) -> Iterator[_Chunk]:
        chunk: _Chunk = ([], [])
        for raw in rows:
            report.rows += 1
            found = [raw] if isinstance(raw, Refusal) else judge.judge(raw)
            if isinstance(found, tuple):
                chunk[0].append(found)
            else:
                chunk[1].extend(found)
            if len(chunk[0]) + len(chunk[1]) >= CHUNK:
                yield chunk
                chunk = ([], [])
        if any(chunk):
            yield chunk

    async def _placement(self, connection: AsyncConnection) -> int:
        with self.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return await self.placement(connection, name=self.path.name, digest=digest)
