"""The independent auditor: plain SQL over what was sent, sharing no code with the rules. It knows the law's numbers itself.

Each check of `sends/*.sql` is one statement that returns sends some rule would have forbidden. Zones come from the committed tables
of ZIP and area codes, loaded as data; local times are PostgreSQL's own arithmetic with its own zone files.
"""

from __future__ import annotations

import csv
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from outreach import db
from outreach.settings import Settings

GEO = Path(__file__).parents[1] / "compliance" / "geo"
SQL = Path(__file__).parent / "sends"
_COLUMNS = {"kind": "text", "code": "text", "zone": "text", "state": "text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One send that should not have been."""

    check: str
    message_id: UUID
    debtor_id: int
    detail: str


@cache
def _sections(kind: str) -> dict[str, str]:
    """Title -> statement, of the sections of one kind: prepare or name."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SQL.glob("*.sql")))
    _, *parts = re.split(r"^-- (prepare|name): (\w+)\n", text, flags=re.MULTILINE)
    return {title: body for found, title, body in zip(*[iter(parts)] * 3, strict=True) if found == kind}


def checks() -> list[str]:
    """What is asked, in order."""
    return list(_sections("name"))


async def audit_sends(connection: AsyncConnection, *, settings: Settings) -> AsyncIterator[Violation]:
    """Every violation over all messages that left or may have left. Its temporary tables are rolled back.

    The organisation's caps and its California licence are read from the settings; every other number stands in the SQL.
    """
    known = {
        "cap_day": settings.contact_cap_day,
        "cap_week": settings.contact_cap_week,
        "licence": settings.licences().get("CA", ""),
    }
    savepoint = await connection.begin_nested()
    try:
        await _load_zones(connection)
        for table, statement in _sections("prepare").items():
            await _run(connection, statement, known)
            await connection.execute(sa.text(f"analyze {table}"))
        for check, statement in _sections("name").items():
            for row in (await _run(connection, statement, known)).mappings():
                yield Violation(
                    check=check, message_id=row["id"], debtor_id=row["debtor_id"], detail=row["detail"] or ""
                )
    finally:
        await savepoint.rollback()


async def _run(connection: AsyncConnection, statement: str, known: dict[str, object]) -> sa.CursorResult[object]:
    clause = sa.text(statement)
    return await connection.execute(clause, {name: known[name] for name in clause.compile().params})


async def _load_zones(connection: AsyncConnection) -> None:
    """The zone set of each ZIP, area code and state: a temporary table."""
    await connection.execute(sa.text("create temp table geo (kind text, code text, zone text, state text)"))
    places: dict[tuple[str, str], tuple[set[str], str]] = {}
    for r in _table("zips.csv"):
        places["zip", r["zip"]] = (set(r["zones"].split()), r["state"])
        places.setdefault(("state", r["state"]), (set(), r["state"]))[0].update(r["zones"].split())
    for r in _table("area_codes.csv"):
        places["area", r["code"]] = (set(r["zones"].split()), "")
    for r in _table("overrides.csv"):
        key = ({"area_code": "area"}.get(r["kind"], r["kind"]), r["key"])
        places[key] = (set(r["zones"].split()), places[key][1] if key in places else "")
    rows = [(kind, code, zone, state or None) for (kind, code), (zones, state) in places.items() for zone in zones]
    await db.copy_in(connection, "geo", _COLUMNS, rows)
    await connection.execute(sa.text("create index on geo (kind, code)"))
    await connection.execute(sa.text("analyze geo"))


def _table(name: str) -> list[dict[str, str]]:
    with (GEO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))
