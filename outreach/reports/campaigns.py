"""What the campaign pages list beside `campaigns.progress`: all of them, one, what failed, who was left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db

_LISTED = """
select c.id, c.name, c.status, c.created_at, c.launched_at, c.finished_at, c.next_run_at, c.paused_why, c.definition,
  s.steps, m.messages, m.delivered, m.failed, m.unknown
from campaign c
left join lateral (select string_agg(channel || ': ' || template, ', then ' order by number) as steps
                   from campaign_step where campaign_id = c.id) s on true
left join lateral (
  select count(*) filter (where status <> 'denied') as messages, count(*) filter (where status = 'delivered') as delivered,
    count(*) filter (where status = 'failed') as failed, count(*) filter (where status = 'unknown') as unknown
  from message where campaign_id = c.id and direction = 'out') m on true
order by (c.status in ('running', 'paused', 'scheduled')) desc, c.created_at desc limit 200
"""


async def listing(session: AsyncSession) -> list[Mapping[str, Any]]:
    """Campaigns with their steps in words and what became of their messages; live ones first."""
    return await db.rows(session, _LISTED)


async def campaign(session: AsyncSession, *, campaign_id: int) -> Mapping[str, Any] | None:
    return await db.one(session, "select * from campaign where id = :id", id=campaign_id)


async def steps(session: AsyncSession, *, campaign_id: int) -> list[Mapping[str, Any]]:
    return await db.rows(session, "select * from campaign_step where campaign_id = :id order by number", id=campaign_id)


async def failures(session: AsyncSession, *, campaign_id: int) -> list[Mapping[str, Any]]:
    """Errors by class: how many, and one message to open."""
    return await db.rows(
        session,
        "select channel, code, min(reason) as reason, count(*) as messages, min(id::text) as example from message"
        " where campaign_id = :id and status = 'failed' group by channel, code order by count(*) desc",
        id=campaign_id,
    )


async def unknown(session: AsyncSession, *, campaign_id: int) -> list[Mapping[str, Any]]:
    """Messages that may not have been delivered."""
    return await db.rows(
        session,
        "select m.id, m.channel, m.created_at, m.reason, m.checks, d.ref from message m join debtor d on d.id = m.debtor_id"
        " where m.campaign_id = :id and m.status = 'unknown' order by m.created_at limit 200",
        id=campaign_id,
    )


async def left_out(session: AsyncSession, *, campaign_id: int, code: str) -> list[Mapping[str, Any]]:
    """People one rule kept out of a running campaign."""
    return await db.rows(
        session,
        "select distinct on (d.id) d.id, d.ref, d.first_name, d.last_name, m.id as message_id, m.reason from message m"
        " join debtor d on d.id = m.debtor_id where m.campaign_id = :id and m.status = 'denied' and m.code = :code"
        " order by d.id limit 500",
        id=campaign_id,
        code=code,
    )
