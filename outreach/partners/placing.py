"""A creditor's rows into accounts: its own accounts only, and its own people.

A `debtor_ref` is the creditor's name for a person. One that another creditor's person has already is kept apart from it, so that
nobody can learn or change, by guessing references, who else is on file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from outreach import db
from outreach.accounts.intake import record
from outreach.accounts.intake.reader import Refusal
from outreach.accounts.intake.rows import Rows, Values
from outreach.accounts.intake.taking import Report
from outreach.partners.keys import Caller

#: two spaces cannot stand in a reference that was read, so no other reference looks like one kept apart
_APART = "  #"
_REF = record.NAMES.index("debtor_ref")
_FOREIGN = """
select d.ref from debtor d where d.ref = any(:refs)
and not exists (select 1 from account a where a.debtor_id = d.id and a.creditor_id = :creditor_id)
"""


async def take(
    session: AsyncSession,
    *,
    now: datetime,
    caller: Caller,
    rows: Sequence[Mapping[str, Any]],
    digest: str,
    dry_run: bool,
) -> tuple[Report, list[Refusal]]:
    """Take every good row in the caller's transaction; what became of them, and each fault of each bad row."""
    refusals: list[Refusal] = []
    intake = Rows(
        now=now,
        creditor=caller.creditor,
        dry_run=dry_run,
        actor=caller.actor,
        refused=refusals.append,
        name=caller.actor,
        digest=f"{caller.creditor_id}:{digest}",
        rows=rows,
        prepared=partial(_apart, caller.creditor_id),
    )
    report = await intake.take(await session.connection())
    return report, [refusal._replace(value=given(refusal.value)) for refusal in refusals]


def given(ref: str) -> str:
    """A reference as the creditor wrote it."""
    return ref.partition(_APART)[0]


async def _apart(creditor_id: int, connection: AsyncConnection, rows: Values) -> Values:
    found = await db.rows(connection, _FOREIGN, refs=[row[_REF] for row in rows], creditor_id=creditor_id)
    foreign = {row["ref"] for row in found}
    return [
        (*row[:_REF], f"{row[_REF]}{_APART}{creditor_id}", *row[_REF + 1 :]) if row[_REF] in foreign else row
        for row in rows
    ]
