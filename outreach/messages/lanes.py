"""Lanes: a channel and a sender identity with a token bucket in a row, and the claim that takes tokens and due messages at once."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

import channels
from outreach import audit, db
from outreach.settings import Settings

log = structlog.get_logger()

#: Replies and codes have a lane of their own: it never waits behind a campaign.
REPLY = "reply"
CAMPAIGN = "campaign"
#: A message that ended this many claims with its worker's death is parked for a person.
CRASHES = 3


def lane_of(channel: str, *, campaign: bool) -> str:
    return f"{channel}:{CAMPAIGN if campaign else REPLY}"


async def ensure(session: AsyncSession, *, settings: Settings, now: datetime) -> None:
    """One campaign lane and one reply lane per channel, at the configured rates; a stopped lane stays stopped."""
    for channel, rate in channels.rates(settings.values()).items():
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


#: Creditors take turns, and so do the campaigns of one: the first message of each, then the second of each. A campaign that
#: names no creditor is one of its own. One row lock more than needed is let go at once.
_TURNS = """
  select m.id, m.segments, m.crashes, m.not_before,
    row_number() over (partition by m.creditor order by m.nth, m.not_before, m.id) as turn
  from (select m.*, s.creditor, row_number() over (partition by m.campaign_id order by m.not_before, m.id) as nth
  from (
    select c.id, coalesce('creditor:' || lower(c.definition -> 'audience' ->> 'creditor'), 'campaign:' || c.id) as creditor,
      case when r.rate is null then :most else least(:most, floor(least(greatest(r.rate, 5),
      coalesce(b.tokens, r.rate) + r.rate * greatest(0, extract(epoch from clock_timestamp()) - b.at)))) end as room
    from campaign c, lane l,
      lateral (select cast(c.definition -> 'rate' ->> l.channel as float8) as rate) r,
      lateral (select cast(c.buckets -> l.channel ->> 'tokens' as float8) as tokens,
        coalesce(cast(c.buckets -> l.channel ->> 'at' as float8), 0) as at) b
    where c.status = 'running' and l.name = :lane
  ) s cross join lateral (
    select id, campaign_id, segments, crashes, not_before from message
    where lane = :lane and campaign_id = s.id and status = 'queued' and not paused and not_before <= :now
    order by not_before, id limit s.room for update skip locked
  ) m) m
"""
#: Replies and notices by urgency, then by age. Each priority is a range of its own in the index: what is not due costs nothing.
_URGENCY = """
  select m.*, m.priority as turn from generate_series(0, 9) p cross join lateral (
    select id, segments, crashes, not_before, priority from message
    where lane = :lane and campaign_id is null and priority = p and status = 'queued' and not paused and not_before <= :now
    order by not_before, id limit :most for update skip locked
  ) m
"""
#: Take tokens and claim due rows in one statement, by cumulative segments. The caller commits at once: a bucket held through
#: the work that follows would serialise the lane (four workers as slow as one, measured). What was in the hands of a worker
#: that died is claimed alone, so that the one message that kills workers is found and its neighbours are not blamed.
_CLAIM = """
with bucket as (
  select name, clock_timestamp() as at, least(greatest(1, burst * easing.share),
    tokens + rate * easing.share * greatest(0, extract(epoch from clock_timestamp() - refilled_at))) as available
  from lane, lateral (select {share} as share) easing where name = :lane and stopped_at is null
    and not exists (select 1 from setting where name = 'sending_held') for update of lane
), due as ({due}
), summed as (
  select id, crashes, sum(segments) over line as running, row_number() over line as n, first_value(crashes) over line as first
  from due window line as (order by turn, not_before, id)
), taken as (
  select summed.id from summed, bucket
  where running <= available and n <= :most and (crashes = 0 or :alone) and (n = 1 or (crashes = 0 and first = 0))
), claimed as (
  update message m set status = 'claimed', fence = fence + 1, lease_until = clock_timestamp() + make_interval(secs => :lease)
  from taken where m.id = taken.id
  returning m.id, m.debtor_id, m.fence, m.channel, m.medium, m.purpose, m.priority, m.contact_point_id, m.address, m.account_ids,
    m.template, m.template_version, m.language, m.content, m.text, m.subject, m.html, m.segments, m.in_reply_to, m.campaign_id,
    m.step, m.staff_id, m.attempts, m.crashes, m.expires_at, m.created_at, m.not_before,
    case when m.attempts = 0 then 0 else
      (select count(*) from attempt a where a.message_id = m.id and a.code <> 'gate') end as tries,
    (select i.provider_id from message i where i.id = m.in_reply_to) as answers,
    (select i.raw ->> 'references' from message i where i.id = m.in_reply_to) as references_
), spent as (
  update lane set tokens = bucket.available - (select coalesce(sum(segments), 0) from claimed),
    refilled_at = greatest(refilled_at, bucket.at)
  from bucket where lane.name = bucket.name
)
select * from claimed order by priority, not_before, id
"""
#: How much of its rate a lane has now: it grows back by 2 % a second after the provider asked for less.
_SHARE = "least(1, pace * 1.02 ^ least(1000, coalesce(extract(epoch from clock_timestamp() - paced_at), 0)))"
_CLAIMS = {kind: _CLAIM.format(due=due, share=_SHARE) for kind, due in ((CAMPAIGN, _TURNS), (REPLY, _URGENCY))}


async def claim(
    engine: AsyncEngine, *, lane: str, now: datetime, most: int, lease_seconds: float, alone: bool = True
) -> list[Mapping[str, Any]]:
    """Due messages of a lane, at most what its bucket allows; committed before this returns.

    `alone`: the worker holds nothing else undecided, so a message whose worker died may be tried.
    """
    statement = _CLAIMS[lane.partition(":")[2]]
    async with engine.connect() as plain:
        # Its own commit: a worker that stops here holds no lock that the others need.
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        return await db.rows(connection, statement, lane=lane, now=now, most=most, lease=lease_seconds, alone=alone)


async def blame(engine: AsyncEngine, *, message_id: UUID, fence: int, now: datetime) -> None:
    """A message that cannot be prepared waits a while, and is parked for a person the third time."""
    async with engine.begin() as connection:
        parked = await connection.scalar(
            sa.text(
                "update message set crashes = crashes + 1, lease_until = null, not_before = :later,"
                " status = case when crashes + 1 >= :most then 'parked' else 'queued' end,"
                " reason = case when crashes + 1 >= :most then 'it cannot be prepared; a person must look' else '' end"
                " where id = :id and fence = :fence and status = 'claimed' returning status = 'parked'"
            ),
            {"id": message_id, "fence": fence, "later": now + timedelta(seconds=5), "most": CRASHES},
        )
    if parked:
        log.error("message_parked", message=str(message_id))


async def slow_down(connection: AsyncConnection, *, lane: str, share: float) -> None:
    """The provider asks for less: half the rate when it turned down everything, a little less when it turned down a few."""
    await connection.execute(
        sa.text(
            f"update lane set pace = greatest(0.02, 1 / greatest(1, rate), {_SHARE} * (1 - 0.5 * :share)), paced_at = clock_timestamp(),"
            " tokens = least(tokens, 0) where name = :lane and (paced_at is null or paced_at < clock_timestamp() - interval '250 ms')"
        ),
        {"lane": lane, "share": share},
    )


async def refund(engine: AsyncEngine, *, lane: str, segments: int) -> None:
    """Give back tokens of messages that were not sent after all. Never fails: they grow back anyway."""
    if not segments:
        return
    with contextlib.suppress(*db.OUTAGE):
        async with engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(
                db.text("update lane set tokens = least(burst, tokens + :n) where name = :lane"),
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
