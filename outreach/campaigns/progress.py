"""How far a campaign is: every figure from one layer, so that lists, bars and exports cannot contradict one another (B11).

`planned` is the sum of all that was put in the queue; `accepted` waits for the last word of the carrier, `delivered`, `failed`
and `unknown` have it. People left out are counted by the first reason, in `excluded`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.campaigns import audience
from outreach.campaigns.definition import validate
from outreach.messages import lanes

#: public name -> message statuses
_PARTS = {
    "waiting": ("queued", "claimed"),
    "sending": ("sending",),
    "accepted": ("accepted", "sent"),
    "delivered": ("delivered",),
    "failed": ("failed",),
    "unknown": ("unknown",),
    "withdrawn": ("withdrawn",),
    "expired": ("expired",),
    "parked": ("parked",),
}
_SETTLED = ("accepted", "delivered", "failed", "unknown", "withdrawn", "expired", "parked")

_MESSAGES = """
select status, channel, count(*) as messages,
  count(*) filter (where status = 'queued' and not_before > :now) as deferred,
  min(not_before) filter (where status = 'queued' and not_before > :now) as deferred_from,
  max(not_before) filter (where status = 'queued' and not_before > :now) as deferred_to
from message where campaign_id = :id and direction = 'out' group by status, channel
"""
_EXCLUDED = """
select code, min(reason) as reason, count(*) as people from (
  select distinct on (debtor_id, step) code, reason from message
  where campaign_id = :id and direction = 'out' and status = 'denied') left_out
group by code order by people desc, code
"""
_ENROLLMENTS = """
select status, excluded, count(*) as people from enrollment where campaign_id = :id group by status, excluded
"""
_LANES = [lanes.lane_of(channel, campaign=True) for channel in ("sms", "email")]
_LATER = """
select min(next_at) filter (where next_at > :now) as next_at, count(*) filter (where next_at <= :now) as to_plan
from enrollment where campaign_id = :id and status = 'waiting'
"""
_RATES = "select channel, rate from lane where name = any(:lanes)"


async def status(session: AsyncSession, campaign: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """The figures of `outreach campaign status --json` (interfaces.md section 2) and more."""
    messages = await db.rows(session, _MESSAGES, id=campaign["id"], now=now)
    excluded = await db.rows(session, _EXCLUDED, id=campaign["id"])
    people = await db.rows(session, _ENROLLMENTS, id=campaign["id"])
    later = await db.one(session, _LATER, id=campaign["id"], now=now)
    definition = validate(campaign["definition"])
    by_status = _sums(messages, "status")
    parts = {name: sum(by_status.get(word, 0) for word in words) for name, words in _PARTS.items()}
    return {
        "name": campaign["name"],
        "status": campaign["status"],
        "planned": sum(parts.values()),
        **parts,
        "excluded": {row["code"]: row["people"] for row in excluded},
        "reasons": {row["code"]: row["reason"] for row in excluded},
        "stopped": {r["excluded"]: r["people"] for r in people if r["status"] == "stopped"},
        "enrolled": sum(row["people"] for row in people),
        "in_sequence": sum(row["people"] for row in people if row["status"] == "waiting"),
        "deferred": _deferred(messages),
        "settled": sum(parts[name] for name in _SETTLED),
        "all_enrolled": campaign["planned_at"] is not None,
        "to_plan": later["to_plan"] if later else 0,
        "audience": audience.describe(definition.audience),
        "occurrence": campaign["occurrence"],
        "next_step_at": later["next_at"] if later else None,
        "next_run_at": campaign["next_run_at"],
        "launched_at": campaign["launched_at"],
        "finished_at": campaign["finished_at"],
        "paused_why": campaign["paused_why"],
        "version": campaign["version"],
        "eta_seconds": await _eta(session, messages, definition.rate.model_dump()),
    }


def _sums(rows: list[Mapping[str, Any]], key: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in rows:
        sums[row[key]] = sums.get(row[key], 0) + row["messages"]
    return sums


def _deferred(messages: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Queued for later: how many, and from when until when they may leave."""
    later = [row for row in messages if row["deferred"]]
    return {
        "count": sum(row["deferred"] for row in later),
        "from": min((row["deferred_from"] for row in later), default=None),
        "until": max((row["deferred_to"] for row in later), default=None),
    }


async def _eta(
    session: AsyncSession, messages: list[Mapping[str, Any]], caps: Mapping[str, float | None]
) -> float | None:
    """Seconds for what may leave now, at the slower of lane and campaign; None where no lane is known."""
    rates = {row["channel"]: row["rate"] for row in await db.rows(session, _RATES, lanes=_LANES)}
    due = _sums([row for row in messages if row["status"] in {"queued", "claimed", "sending"}], "channel")
    later = {row["channel"]: row["deferred"] for row in messages if row["status"] == "queued"}
    if any(channel not in rates for channel in due):
        return None
    seconds = [
        (count - later.get(channel, 0)) / min(rates[channel], caps.get(channel) or rates[channel])
        for channel, count in due.items()
    ]
    return round(max(seconds, default=0.0), 1)


async def overview(session: AsyncSession) -> list[dict[str, Any]]:
    """Every campaign, newest first."""
    sql = (
        "select name, status, created_at, launched_at, finished_at, next_run_at, paused_why"
        " from campaign order by created_at desc, id desc"
    )
    return [dict(row) for row in await db.rows(session, sql)]
