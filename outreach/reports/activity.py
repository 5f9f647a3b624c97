"""What happened each day: attempted, refused with reasons, delivered, answered, agreed, paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db

#: days are the office's: an evening text on the east coast belongs to that day, not to tomorrow in UTC
OFFICE_ZONE = "America/New_York"

#: what is counted -> (table and condition, the moment it happened, what is summed). One scan of a date range each.
MEASURES = {
    "attempted": ("attempt", "started_at", "count(distinct message_id)", "true"),
    "delivered": ("message", "sent_at", "count(*)", "direction = 'out' and status = 'delivered'"),
    "failed": ("message", "settled_at", "count(*)", "direction = 'out' and status = 'failed'"),
    "unknown": ("message", "created_at", "count(*)", "direction = 'out' and status = 'unknown'"),
    "refused": ("message", "settled_at", "count(*)", "direction = 'out' and status = 'denied'"),
    "answered": ("message", "created_at", "count(distinct debtor_id)", "direction = 'in'"),
    "stopped": ("consent", "at", "count(distinct debtor_id)", "kind = 'refusal'"),
    "disputed": ("dispute", "received_at", "count(*)", "kind = 'dispute' and status <> 'duplicate'"),
    "agreed": ("plan", "agreed_at", "count(*)", "true"),
    "payments": ("payment", "paid_at", "count(*)", "amount_cents > 0"),
    "paid_cents": ("payment", "paid_at", "coalesce(sum(amount_cents), 0)", "true"),
}

_ONE = """
select '{name}' as measure, ({at} at time zone :zone)::date as day, ({total})::bigint as total from {table}
where {at} >= (cast(:since as date))::timestamp at time zone :zone
  and {at} < (cast(:until as date))::timestamp at time zone :zone and {where} group by 2
"""


async def daily(session: AsyncSession, *, since: date, until: date) -> list[dict[str, Any]]:
    """One row a day of [since, until) with every measure, zero where nothing happened; newest first."""
    sql = " union all ".join(
        _ONE.format(name=name, table=table, at=at, total=total, where=where)
        for name, (table, at, total, where) in MEASURES.items()
    )
    days: dict[date, dict[str, Any]] = {}
    for row in await db.rows(session, sql, since=since, until=until, zone=OFFICE_ZONE):
        days.setdefault(row["day"], dict.fromkeys(MEASURES, 0) | {"day": row["day"]})[row["measure"]] = row["total"]
    return [days[day] for day in sorted(days, reverse=True)]


async def refusals(session: AsyncSession, *, since: date, until: date) -> list[Mapping[str, Any]]:
    """How often each rule refused or deferred a contact in [since, until), most often first."""
    return await db.rows(
        session,
        "select rule, count(*) filter (where decision = 'deny') as denied, count(*) filter (where decision = 'defer') as deferred"
        " from decision_record, unnest(rules) rule where decision <> 'allow'"
        " and at >= (cast(:since as date))::timestamp at time zone :zone and at < (cast(:until as date))::timestamp at time zone :zone"
        " group by rule order by count(*) desc, rule",
        since=since,
        until=until,
        zone=OFFICE_ZONE,
    )
