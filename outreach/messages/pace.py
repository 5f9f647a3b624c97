"""A campaign's own rate (`rate: {sms: 300, email: 200}`, a second, over the whole cluster), beside the lane's bucket."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from outreach import db

#: Grants are exact over any number of workers: the row is locked for this transaction, which ends in milliseconds.
_TAKE = """
select id, definition -> 'rate' as rate, buckets, extract(epoch from clock_timestamp()) as at
from campaign where id = any(:ids) and definition ? 'rate' order by id for no key update
"""


async def allow(
    connection: AsyncConnection, messages: Sequence[Mapping[str, Any]]
) -> tuple[list[Mapping[str, Any]], list[UUID]]:
    """(within their campaign's rate, over it for now)."""
    campaigns = sorted({m["campaign_id"] for m in messages if m["campaign_id"] is not None})
    if not campaigns:
        return list(messages), []
    rated = {row.id: row for row in await connection.execute(db.text(_TAKE), {"ids": campaigns})}
    within: list[Mapping[str, Any]] = []
    over: list[UUID] = []
    spent: dict[int, dict[str, dict[str, float]]] = defaultdict(dict)
    for message in messages:
        row = rated.get(message["campaign_id"])
        rate = row and (row.rate or {}).get(message["channel"])
        if row is None or not rate:
            within.append(message)
            continue
        bucket = spent[row.id].setdefault(message["channel"], _filled(row, message["channel"], float(rate)))
        if bucket["tokens"] >= message["segments"]:
            bucket["tokens"] -= message["segments"]
            within.append(message)
        else:
            over.append(message["id"])
    for campaign_id, buckets in spent.items():
        await connection.execute(
            db.text("update campaign set buckets = buckets || cast(:b as jsonb) where id = :id"),
            {"b": json.dumps(buckets), "id": campaign_id},
        )
    return within, over


def _filled(row: Any, channel: str, rate: float) -> dict[str, float]:
    """The bucket as of now; it holds one second's worth, so that a pause is no licence for a burst."""
    stored = row.buckets.get(channel) or {"tokens": rate, "at": float(row.at)}
    at = float(row.at)
    return {"tokens": min(max(rate, 5.0), stored["tokens"] + rate * max(0.0, at - stored["at"])), "at": at}
