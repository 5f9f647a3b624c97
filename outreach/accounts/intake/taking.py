"""What becomes of judged rows, wherever they came from: checked, stored and counted, a chunk at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from outreach import audit
from outreach.accounts.intake import checks, writes
from outreach.accounts.intake.reader import Refusal


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
class Taker:
    """One delivery being taken, in transactions of the caller's. `refused` is told each refusal as it is found."""

    now: datetime
    creditor: str | None = None
    dry_run: bool = False
    actor: str = "system:import"
    refused: Callable[[Refusal], None] = lambda _: None

    async def take_chunk(
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
            connection, now=self.now, placement_id=placement_id, source=f"placement:{report.file}", taken=taken
        )

    def _refuse(self, refusals: list[Refusal], report: Report) -> None:
        report.refused += len({refusal.row for refusal in refusals})
        for refusal in refusals:
            report.reasons[f"{refusal.column}: {refusal.reason}" if refusal.column else refusal.reason] += 1
            self.refused(refusal)

    async def placement(self, connection: AsyncConnection, *, name: str, digest: str) -> int:
        """The placement of these very bytes: the one already there when they are given again."""
        await connection.execute(
            sa.text(
                "insert into placement (file_name, file_hash, received_at) values (:name, :hash, :now)"
                " on conflict do nothing"
            ),
            {"name": name, "hash": digest, "now": self.now},
        )
        found = await connection.execute(sa.text("select id from placement where file_hash = :hash"), {"hash": digest})
        return int(found.scalar_one())

    async def close(self, connection: AsyncConnection, placement_id: int, report: Report) -> None:
        """Final counts; what is given again finds them right and writes nothing."""
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
                subject=report.file,
                why="placement",
                **detail,
            )
