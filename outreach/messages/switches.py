"""Reads for those who watch what leaves: lanes with what waits in them, strangers' words, mails that may not have arrived."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db

#: All lanes in one pass; each kind of what waits is counted in the index that serves its claim.
_LANES = """
with waiting as (
  select lane, not_before from message where status = 'queued' and not paused and campaign_id is null
  union all
  select lane, not_before from message where status = 'queued' and not paused and campaign_id is not null
  union all
  select lane, not_before from message where status = 'queued' and paused
), counted as (
  select lane, count(*) filter (where not_before <= :now) as due, count(*) filter (where not_before > :now) as later
  from waiting group by lane
), gone as (
  select m.lane, count(*) as n from attempt a join message m on m.id = a.message_id
  where a.started_at > :now - interval '1 hour' and a.outcome = 'accepted' group by m.lane
)
select l.name, l.channel, l.rate, l.stopped_at, l.stopped_why, coalesce(c.due, 0) as due, coalesce(c.later, 0) as later,
  coalesce(g.n, 0) as left_hour
from lane l left join counted c on c.lane = l.name left join gone g on g.lane = l.name order by l.channel, l.name
"""


async def lanes(session: AsyncSession, *, now: datetime) -> list[Mapping[str, Any]]:
    """Every lane: rate, switch, what is due now, what waits for its hour, what left in the last hour."""
    return await db.rows(
        session,
        _LANES,
        now=now,
    )


async def unknown(session: AsyncSession, *, limit: int = 200) -> list[Mapping[str, Any]]:
    """Messages of which nobody knows whether they arrived; never repeated by themselves."""
    return await db.rows(
        session,
        "select m.id, m.channel, m.created_at, m.checked_at, m.checks, m.reason, d.ref as debtor_ref, m.debtor_id, c.name as campaign"
        " from message m join debtor d on d.id = m.debtor_id left join campaign c on c.id = m.campaign_id"
        " where m.status = 'unknown' order by m.created_at limit :limit",
        limit=limit,
    )


async def unrouted(session: AsyncSession, *, limit: int = 200) -> list[Mapping[str, Any]]:
    """Words of people we do not know, oldest first, that nobody has dealt with."""
    return await db.rows(
        session,
        "select id, channel, sender, subject, text, labels, at from unrouted_inbound where resolved_at is null order by at limit :limit",
        limit=limit,
    )


async def stranger(session: AsyncSession, *, unrouted_id: int) -> Mapping[str, Any] | None:
    """One of them, locked, while nobody has dealt with it."""
    return await db.one(
        session, "select * from unrouted_inbound where id = :id and resolved_at is null for update", id=unrouted_id
    )


async def resolve(
    session: AsyncSession, *, now: datetime, unrouted_id: int, actor: str, why: str, debtor_id: int | None = None
) -> None:
    """Mark a stranger's words as dealt with."""
    await session.execute(
        sa.text("update unrouted_inbound set resolved_at = :now where id = :id"), {"now": now, "id": unrouted_id}
    )
    await audit.record(
        session,
        now=now,
        actor=actor,
        action="message.routed" if debtor_id else "message.dismissed",
        debtor_id=debtor_id,
        subject=f"unrouted:{unrouted_id}",
        why=why,
    )
