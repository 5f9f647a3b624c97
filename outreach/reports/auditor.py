"""The independent auditor: plain SQL over what was sent, sharing no code with the rules. It knows the law's numbers itself.

Each check is one statement that returns sends some rule would have forbidden. Zones come from the committed tables of ZIP and
area codes, loaded as data; local times are PostgreSQL's own arithmetic.
"""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from outreach import db

GEO = Path(__file__).parents[1] / "compliance" / "geo"
SQL = Path(__file__).parent / "auditor.sql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One send that should not have been."""

    check: str
    message_id: UUID
    debtor_id: int
    detail: str


def checks() -> dict[str, str]:
    """Name -> statement, as written in auditor.sql under `-- name:` lines."""
    parts = SQL.read_text(encoding="utf-8").split("-- name: ")[1:]
    return {head.strip(): body.strip() for head, _, body in (part.partition("\n") for part in parts)}


async def audit_sends(connection: AsyncConnection) -> AsyncIterator[Violation]:
    """Every violation found over all outbound messages that left or may have left."""
    await _load_zones(connection)
    for name, statement in checks().items():
        for row in await db.rows(connection, statement):
            yield Violation(check=name, message_id=row["id"], debtor_id=row["debtor_id"], detail=row["detail"] or "")


async def _load_zones(connection: AsyncConnection) -> None:
    """The zone set of each ZIP, area code and state: temporary tables of this connection."""
    await connection.execute(sa.text("create temp table geo (kind text, code text, zone text) on commit preserve rows"))
    rows: list[tuple[str, str, str]] = []
    for kind, name, column in (("zip", "zips.csv", "zip"), ("area", "area_codes.csv", "code")):
        rows += [(kind, r[column], zone) for r in _table(name) for zone in r["zones"].split()]
    for r in _table("overrides.csv"):
        kind = {"area_code": "area"}.get(r["kind"], r["kind"])
        rows = [x for x in rows if (x[0], x[1]) != (kind, r["key"])]
        rows += [(kind, r["key"], zone) for zone in r["zones"].split()]
    await db.copy_in(connection, "geo", {"kind": "text", "code": "text", "zone": "text"}, rows)
    await connection.execute(sa.text("create index on geo (kind, code)"))
    await connection.execute(sa.text("analyze geo"))


def _table(name: str) -> list[dict[str, str]]:
    with (GEO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))
