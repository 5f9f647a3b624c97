"""Asking the provider about what nobody knows. Only here may something be found not sent, and only from the provider's own list."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from channels.contract import Receipt, SendError
from outreach import db
from outreach.context import Context
from outreach.messages import contacts, receipts

log = structlog.get_logger()

#: Questions under way at once.
QUESTIONS = 10
#: Checks that found nothing before it counts as not sent; spread over ten times RECONCILE_SECONDS (channel-facts 1.4).
CHECKS = 3
#: `alive`: the worker has not said what became of it, and its process may only stand still, just before the write.
_DUE = """
with living as materialized (
  select l.objid::bigint as worker from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()
  where l.locktype = 'advisory' and l.classid::bigint = :space and l.objsubid = 2
)
select m.id, m.channel, m.address, m.text, m.attempts, m.checks, a.started_at, a.recorded_at, m.provider_id,
  (select coalesce(array_agg(o.provider_id), '{}') from message o where o.debtor_id = m.debtor_id and o.id <> m.id
    and o.address = m.address and o.direction = 'out' and o.provider_id is not null) as known,
  a.code = 'lease' and (hashtext(a.worker)::bigint & 4294967295) in (select worker from living) as alive
from message m join attempt a on a.message_id = m.id and a.number = m.attempts
where m.status = 'unknown' and m.channel = any(:channels)
  and m.checked_at <= :now - make_interval(secs => :base * (array[1, 3, 6])[least(m.checks, 2) + 1])
order by m.checked_at limit 200 for update of m skip locked
"""
#: Accepted long ago and silent since: callbacks can be lost.
_SILENT = """
select id, channel, provider_id from message
where direction = 'out' and status in ('accepted', 'sent') and channel = any(:channels) and provider_id is not null
  and sent_at < :now - make_interval(mins => 15) and sent_at > :now - make_interval(hours => 72)
  and (checked_at is null or checked_at < :now - make_interval(hours => 1))
order by sent_at limit 200 for update skip locked
"""


async def reconcile(context: Context, *, now: datetime) -> int:
    """Ask about every unknown that is due; returns how many were settled. Channels that cannot be asked stay unknown."""
    askable = [name for name, adapter in context.channels.items() if hasattr(adapter, "lookup")]
    if not askable:
        return 0
    async with context.session() as session:
        due = await db.rows(
            session, _DUE, channels=askable, now=now, base=context.settings.reconcile_seconds, space=db.WORKER_LOCK
        )
        await session.execute(
            sa.text("update message set checked_at = :now, checks = checks + 1 where id = any(:ids)"),
            {"now": now, "ids": [m["id"] for m in due]},
        )
    return sum(await _some_at_a_time(_ask(context, message, now=now) for message in due))


async def _some_at_a_time(questions: Iterable[Awaitable[bool]]) -> list[bool]:
    """Concurrently, but never more than a provider's log stands beside its sending."""
    places = asyncio.Semaphore(QUESTIONS)

    async def one(question: Awaitable[bool]) -> bool:
        async with places:
            return await question

    return await asyncio.gather(*(one(question) for question in questions))


async def _ask(context: Context, message: Mapping[str, Any], *, now: datetime) -> bool:
    adapter = context.channels[message["channel"]]
    try:
        found: Receipt | None = await adapter.lookup(
            message_id=message["id"],
            to=message["address"],
            since=message["started_at"] - context.clock.offset,
            until=(message["recorded_at"] or now) - context.clock.offset,
            known=message["known"],
            body=message["text"],
        )
    except (SendError, OSError) as error:
        log.warning("lookup_failed", message=str(message["id"]), error=type(error).__name__)
        return await _uncounted(context, message)
    if found is None and message["alive"]:
        return await _uncounted(context, message)
    async with context.session() as session:
        if found is not None:
            return await receipts.take(session, found, channel=message["channel"], now=now)
        if message["checks"] + 1 < CHECKS:
            return False
        return await _not_sent(session, message, now=now)


async def _uncounted(context: Context, message: Mapping[str, Any]) -> bool:
    """An unanswered question is no check; nor is one asked while the worker may still write."""
    async with context.session() as session:
        await session.execute(sa.text("update message set checks = checks - 1 where id = :id"), {"id": message["id"]})
    return False


async def _not_sent(session: AsyncSession, message: Mapping[str, Any], *, now: datetime) -> bool:
    """The provider never had it: back through every gate, or expired. What the attempt counted as, it no longer is."""
    moved = await session.execute(
        sa.text(
            "update message set status = case when expires_at <= :now then 'expired' else 'queued' end, not_before = :now,"
            " sent_at = null, checked_at = null, checks = 0, reason = 'not sent: the provider never had it', code = 'not_sent',"
            " settled_at = case when expires_at <= :now then :now end"
            " where id = :id and status = 'unknown' and attempts = :number returning id"
        ),
        {"id": message["id"], "number": message["attempts"], "now": now},
    )
    if moved.scalar_one_or_none() is None:
        return False
    await session.execute(
        sa.text(
            "update attempt set outcome = 'rejected', code = 'not_sent', reason = 'the provider never had it', recorded_at = :now"
            " where message_id = :id and number = :number"
        ),
        {"id": message["id"], "number": message["attempts"], "now": now},
    )
    await contacts.take_back(session, message_id=message["id"], at=message["started_at"])
    return True


async def poll(context: Context, *, now: datetime) -> int:
    """Ask for the state of what was accepted and never heard of again; returns how many answered."""
    askable = [name for name, adapter in context.channels.items() if hasattr(adapter, "fetch")]
    async with context.session() as session:
        due = await db.rows(session, _SILENT, channels=askable, now=now)
        await session.execute(
            sa.text("update message set checked_at = :now where id = any(:ids)"),
            {"now": now, "ids": [m["id"] for m in due]},
        )
    return sum(await _some_at_a_time(_hear(context, message, now=now) for message in due))


async def _hear(context: Context, message: Mapping[str, Any], *, now: datetime) -> bool:
    try:
        found = await context.channels[message["channel"]].fetch(message["provider_id"])
    except (SendError, OSError):
        return False
    if found is None:
        return False
    async with context.session() as session:
        return await receipts.take(session, found, channel=message["channel"], now=now)
