"""What time and arrivals ask of conversations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.cases import service as cases
from outreach.context import Context
from outreach.conversations import answer, artefacts
from outreach.conversations.receive import ANSWER, receive
from outreach.messages import inbound
from outreach.plans import service as plans
from scheduler.jobs import Retry, enqueue, job
from scheduler.timers import every

log = structlog.get_logger()

#: An inbound nobody answered for so long is a case (dialog-spec 7.6).
UNANSWERED_MINUTES = 15
#: A form or question older than this is dropped, without a message (7.3 Silence).
_UNANSWERED = """
select m.debtor_id, m.id, m.text from message m join thread t on t.debtor_id = m.debtor_id
where m.direction = 'in' and m.status = 'received' and m.purpose in ('reply', 'malformed')
  and m.created_at < :now - make_interval(mins => :minutes)
  and not exists (select 1 from cases c where c.debtor_id = m.debtor_id and c.status <> 'closed')
order by m.created_at limit 500
"""
#: A question, offer or unconfirmed plan nobody answered: one row a conversation, taken once.
_OPEN_QUESTIONS = """
update conversation set open_question = null, open_since = null
where open_since < :now - make_interval(hours => :hours)
returning debtor_id, memory, (select open_question from conversation o where o.id = conversation.id) as question,
  exists (select 1 from cases c where c.debtor_id = conversation.debtor_id and c.status <> 'closed') as has_case
"""
_TALKED_ABOUT = "select account_id from plan where debtor_id = :d and status in ('collecting', 'countered', 'proposed')"
_WAITING = """
select distinct m.debtor_id from message m join thread t on t.debtor_id = m.debtor_id
where m.direction = 'in' and m.status = 'received' and m.purpose in ('reply', 'malformed') and t.held_by is null
  and m.created_at < :now - interval '20 seconds' limit 500
"""


@job(name=ANSWER, queue="answers", priority=10, retry=Retry(max_attempts=5, exponential_wait=2))
async def answer_thread(context: Context, debtor_id: int) -> None:
    """Answer what waits on one thread."""
    await answer.answer(context, debtor_id=debtor_id)


@job(name=artefacts.TRAIN)
async def train_reader(context: Context, actor: str) -> None:
    """With what colleagues relabelled; what comes of it waits for a person to put it in force."""
    await artefacts.train(context, actor=actor)


@every(seconds=30)
@job(name="conversations.sweep")
async def sweep(context: Context) -> None:
    """Nobody waits unseen: what was not answered in time, or left open too long, becomes a case."""
    now = context.now()
    async with context.session() as session:
        for row in await db.rows(session, _UNANSWERED, now=now, minutes=UNANSWERED_MINUTES):
            await _unresolved(
                session, row["debtor_id"], now=now, summary={"message": row["text"][:1000]}, message_id=row["id"]
            )
        hours = context.settings.open_question_hours
        for row in await db.rows(session, _OPEN_QUESTIONS, now=now, hours=hours):
            await _drop_form(session, context, row, now=now)
            if not row["has_case"]:
                why = {"why": f"no answer for {hours} hours", "question": row["question"]}
                await _unresolved(session, row["debtor_id"], now=now, summary=why)
        # A job lost with its worker: the thread is asked for again.
        for row in await db.rows(session, _WAITING, now=now):
            lock = f"answer:{row['debtor_id']}"
            await enqueue(await session.connection(), ANSWER, queueing_lock=lock, debtor_id=row["debtor_id"])


async def _drop_form(session: AsyncSession, context: Context, row: Mapping[str, Any], *, now: datetime) -> None:
    """An unfinished or unconfirmed plan is over, without a message (dialog-spec 7.3)."""
    outcomes, memory = context.dialog.expire(row["memory"], at=now)
    for _ in outcomes:
        for plan in await db.rows(session, _TALKED_ABOUT, d=row["debtor_id"]):
            await plans.drop(session, now=now, account_id=plan["account_id"], actor="system:sweep", why="no answer")
    if outcomes:
        await session.execute(
            sa.text("update conversation set memory = cast(:memory as jsonb) where debtor_id = :d"),
            {"memory": json.dumps(memory, default=str), "d": row["debtor_id"]},
        )


async def _unresolved(
    session: AsyncSession, debtor_id: int, *, now: datetime, summary: Mapping[str, Any], message_id: UUID | None = None
) -> None:
    """A case that sends the debtor nothing."""
    await cases.open(
        session,
        now=now,
        debtor_id=debtor_id,
        reason="unresolved",
        priority="normal",
        actor="system:sweep",
        summary=summary,
        message_id=message_id,
    )


@every(seconds=3600)
@job(name="conversations.catch_up")
async def catch_up(context: Context) -> None:
    """A webhook can be missed, and a missed STOP is the worst loss there is (channel-facts 1.7): ask the provider's own log."""
    since = datetime.now(UTC) - timedelta(hours=3)
    for name, adapter in context.channels.items():
        if not hasattr(adapter, "inbound_since"):
            continue
        log = await adapter.inbound_since(since)
        async with context.session() as session:
            known = await inbound.known(session, [each.provider_id for each in log], channel=name)
        for heard in (each for each in log if each.provider_id not in known):
            async with context.session() as session:
                await receive(session, heard, context=context, channel=name, now=context.now())
