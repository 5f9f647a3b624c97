"""Open balances by age since default and by creditor. The buckets add up to what is open, to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db

#: label -> days since default, half-open
BUCKETS = (
    ("0-30 days", 0, 31),
    ("31-60 days", 31, 61),
    ("61-90 days", 61, 91),
    ("91-180 days", 91, 181),
    ("181-365 days", 181, 366),
    ("over a year", 366, 100_000),
)
UNDATED = "no date"

_AGED = """
with aged as (
  select a.balance_cents, a.currency, c.name as creditor, {case} as bucket
  from account a join creditor c on c.id = a.creditor_id
  where a.status = 'open' and (cast(:creditor as text) is null or c.name = :creditor)
)
select creditor, bucket, currency, count(*) as accounts, sum(balance_cents)::bigint as balance_cents
from aged group by creditor, bucket, currency order by creditor, bucket
"""
_AGE = "(cast(:today as date) - coalesce(a.default_date, a.charge_off_date, a.itemization_date, a.opened_date))"


def _case() -> str:
    arms = " ".join(f"when {_AGE} < {end} then '{label}'" for label, _, end in BUCKETS)
    return f"case when {_AGE} is null then '{UNDATED}' {arms} end"


async def ageing(session: AsyncSession, *, today: date, creditor: str | None = None) -> dict[str, Any]:
    """{"rows": one a creditor with a cell a bucket, "totals": one cell a bucket, "accounts", "balance_cents"}; US dollars."""
    found = await db.rows(session, _AGED.format(case=_case()), today=today, creditor=creditor)
    labels = [label for label, _, _ in BUCKETS] + [UNDATED]
    by_creditor: dict[str, dict[str, Mapping[str, int]]] = {}
    totals = {label: {"accounts": 0, "balance_cents": 0} for label in labels}
    for row in found:
        if row["currency"] != "USD":
            continue
        by_creditor.setdefault(row["creditor"], {})[row["bucket"]] = row
        totals[row["bucket"]]["accounts"] += row["accounts"]
        totals[row["bucket"]]["balance_cents"] += row["balance_cents"]
    return {
        "labels": labels,
        "rows": [{"creditor": name, "cells": cells} for name, cells in by_creditor.items()],
        "totals": totals,
        "accounts": sum(cell["accounts"] for cell in totals.values()),
        "balance_cents": sum(cell["balance_cents"] for cell in totals.values()),
    }
