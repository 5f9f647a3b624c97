"""Takes a placement file: a chunk, a transaction.

The one write besides delivery that commits below the edge: a million rows in one transaction would hold their locks for
minutes, and a file killed half way is resumed by giving it again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from outreach import audit
from outreach.accounts.intake import checks, columns, reader, record, writes
from outreach.accounts.intake.reader import Refusal

CHUNK = 5_000

#: good rows as values, and the refusals of the rows between them
_Chunk = tuple[list[tuple[Any, ...]], list[Refusal]]


@dataclass(kw_only=True)
class Report:
    """What became of a file. `taken` rows are new or changed; `refused` counts rows, `reasons` faults."""

    file: str
    rows: int = 0
    taken: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"reasons": dict(self.reasons.most_common())}


@dataclass(kw_only=True)
class Intake:
    """One reading of one file. `refused` is told each refusal as it is found, `progress` the bytes read so far."""

    engine: AsyncEngine
    path: Path
    now: datetime
    creditor: str | None = None
    dry_run: bool = False
    actor: str = "system:import"
    refused: Callable[[Refusal], None] = lambda _: None
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
                await self._take_chunk(connection, chunk, refusals, placement, report)
            self.progress(rows.position)
        if not self.dry_run:
            async with connection.begin():
                await self._close(connection, placement, report)

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

    async def _take_chunk(
        self,
        connection: AsyncConnection,
        chunk: list[tuple[Any, ...]],
        refusals: list[Refusal],
        placement_id: int,
        report: Report,
    ) -> None:
        counts, more = await checks.check(connection, chunk)
        self._refuse(sorted(refusals + more), report)
        taken = counts["new"] + counts["changed"]
        report.taken += taken
        for name, count in counts.items():
            setattr(report, name, getattr(report, name) + count)
        if not taken or self.dry_run:
            return
        await writes.write(
            connection, now=self.now, placement_id=placement_id, source=f"placement:{self.path.name}", taken=taken
        )

    def _refuse(self, refusals: list[Refusal], report: Report) -> None:
        report.refused += len({refusal.row for refusal in refusals})
        for refusal in refusals:
            report.reasons[f"{refusal.column}: {refusal.reason}" if refusal.column else refusal.reason] += 1
            self.refused(refusal)

    async def _placement(self, connection: AsyncConnection) -> int:
        """The placement of these very bytes: the one already there when the file is given again."""
        with self.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        await connection.execute(
            sa.text(
                "insert into placement (file_name, file_hash, received_at) values (:name, :hash, :now)"
                " on conflict do nothing"
            ),
            {"name": self.path.name, "hash": digest, "now": self.now},
        )
        found = await connection.execute(sa.text("select id from placement where file_hash = :hash"), {"hash": digest})
        return int(found.scalar_one())

    async def _close(self, connection: AsyncConnection, placement_id: int, report: Report) -> None:
        """Final counts; the file given again finds them right and writes nothing."""
        written = await connection.execute(
            sa.text(
                "update placement set rows_refused = :refused, rows_unchanged = :good - rows_taken where id = :id"
                " and (rows_refused, rows_unchanged) is distinct from (:refused, :good - rows_taken)"
            ),
            {"refused": report.refused, "good": report.taken + report.unchanged, "id": placement_id},
        )
        if report.taken or written.rowcount:
            detail = {name: getattr(report, name) for name in ("rows", "new", "changed", "unchanged", "refused")}
            await audit.record(
                connection,
                now=self.now,
                actor=self.actor,
                action="import",
                subject=self.path.name,
                why="placement",
                **detail,
            )
