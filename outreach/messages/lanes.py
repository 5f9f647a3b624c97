"""Lanes: a channel and a sender identity with a token bucket in a row, and the claim that takes tokens and due messages at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from outreach import audit, db
from outreach.settings import Settings

#: Replies and codes have a lane of their own: it never waits behind a campaign.
REPLY = "reply"
CAMPAIGN = "campaign"


def lane_of(channel: str, *, campaign: bool) -> str:
    return f"{channel}:{CAMPAIGN if campaign else REPLY}"


async def ensure(session: AsyncSession, *, settings: Settings, now: datetime) -> None:
    """One campaign lane and one reply lane per channel, at the configured rates; a stopped lane stays stopped."""
    rates = {"sms": settings.sms_segments_per_second, "email": settings.email_per_second, "web": 1000.0}
    for channel, rate in rates.items():
        for campaign in (True, False):
            await session.execute(
                sa.text(
                    "insert into lane (name, channel, rate, burst, tokens, refilled_at)"
                    " values (:name, :channel, :rate, :burst, :burst, clock_timestamp())"
                    " on conflict (name) do update set rate = excluded.rate, burst = excluded.burst"
                    " where lane.rate <> excluded.rate or lane.burst <> excluded.burst"
                ),
                {
                    "name": lane_of(channel, campaign=campaign),
                    "channel": channel,
                    "rate": rate,
                    "burst": max(20.0, rate),
                },
            )


#: Take tokens and claim due rows in one statement, by cumulative segments. The caller commits at once: a bucket held through
#: the work that follows would serialise the lane (four workers as slow as one, measured).
_CLAIM = """
with bucket as (
  select name, clock_timestamp() as at,
    least(burst, tokens + rate * greatest(0, extract(epoch from clock_timestamp() - refilled_at))) as available
  from lane where name = :lane and stopped_at is null for update
), due as (
  select id, segments, priority, not_before from message
  where lane = :lane and status = 'queued' and not paused and not_before <= :now
  order by priority, not_before, id
  limit (select least(:most, floor(available))::int from bucket)
  for update skip locked
), taken as (
  select id from (select id, sum(segments) over (order by priority, not_before, id) as running from due) summed, bucket
  where running <= available
), claimed as (
  update message m set status = 'claimed', fence = fence + 1, lease_until = clock_timestamp() + make_interval(secs => :lease)
  from taken where m.id = taken.id
  returning m.id, m.debtor_id, m.fence, m.channel, m.medium, m.purpose, m.priority, m.contact_point_id, m.address, m.account_ids,
    m.template, m.language, m.content, m.text, m.subject, m.html, m.segments, m.in_reply_to, m.campaign_id, m.step, m.staff_id,
    m.attempts, m.expires_at, m.created_at, m.not_before
), spent as (
  update lane set tokens = bucket.available - (select coalesce(sum(segments), 0) from claimed),
    refilled_at = greatest(refilled_at, bucket.at)
  from bucket where lane.name = bucket.name
)
select * from claimed order by priority, not_before, id
"""


async def claim(
    engine: AsyncEngine, *, lane: str, now: datetime, most: int, lease_seconds: float
) -> list[Mapping[str, Any]]:
    """Due messages of a lane, at most what its bucket allows; committed before this returns."""
    async with engine.begin() as connection:
        return await db.rows(connection, _CLAIM, lane=lane, now=now, most=most, lease=lease_seconds)


async def refund(connection: AsyncConnection, *, lane: str, segments: int) -> None:
    """Give back tokens of messages that were not sent after all."""
    if segments:
        await connection.execute(
            sa.text("update lane set tokens = least(burst, tokens + :n) where name = :lane"),
            {"n": segments, "lane": lane},
        )


async def stop(session: AsyncSession, *, lane: str, now: datetime, why: str, actor: str) -> None:
    """Nothing leaves here until someone starts it again. Effective at the next gate, within a second."""
    await session.execute(
        sa.text("update lane set stopped_at = :now, stopped_why = :why where name = :lane and stopped_at is null"),
        {"lane": lane, "now": now, "why": why},
    )
    await audit.record(session, now=now, actor=actor, action="stop_lane", subject=lane, why=why)


async def start(session: AsyncSession, *, lane: str, now: datetime, why: str, actor: str) -> None:
    await session.execute(
        sa.text("update lane set stopped_at = null, stopped_why = '' where name = :lane"), {"lane": lane}
    )
    await audit.record(session, now=now, actor=actor, action="start_lane", subject=lane, why=why)
