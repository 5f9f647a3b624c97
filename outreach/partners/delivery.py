"""Events to endpoints, at least once: row first, call second, record third; no transaction is open during a call.

An attempt moves the row's `due_at` to its next one before it is made, so a lost worker costs a wait. What has been
refused for three days is parked and shown; the feed has it still, and `replay` puts it back in line.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from outreach import db
from outreach.context import Context
from outreach.partners import vault, wire

log = structlog.get_logger()

#: the wait after the first, second, ... attempt in vain; the last one repeats
WAITS = tuple(timedelta(seconds=s) for s in (10, 30, 120, 600, 1800, 3600, 7200, 14400, 28800))
GIVE_UP = timedelta(days=3)
#: endpoints a round, and events each: a slow one holds up itself and, for seconds, one round
ENDPOINTS = 50
AT_ONCE = 10
#: how long an endpoint is nobody else's while it is told, and left alone when it took nothing
PAUSE = timedelta(seconds=2 * wire.PATIENCE)
#: an account's later events wait for an earlier one until it was tried so often
IN_ORDER = 3

_CLAIM = """
with free as (
  select id from partner_endpoint e where ended_at is null and (busy_until is null or busy_until <= :now) and exists (
    select 1 from partner_delivery where endpoint_id = e.id and status = 'waiting' and due_at <= :now)
  order by busy_until nulls first, id limit :endpoints for update skip locked),
taken as (
  select d.id, f.id as endpoint_id from free f cross join lateral (
    select w.id from partner_delivery w
    where w.endpoint_id = f.id and w.status = 'waiting' and w.due_at <= :now and not exists (
      select 1 from partner_delivery b where b.endpoint_id = f.id and b.status = 'waiting'
        and b.account_id = w.account_id and b.event_id < w.event_id and b.attempts < :in_order)
    order by w.due_at, w.event_id limit :at_once for update skip locked) d),
busy as (
  update partner_endpoint set busy_until = :now + :pause where id in (select endpoint_id from taken))
update partner_delivery d set attempts = attempts + 1, tried_at = :now,
  due_at = :now + (cast(:waits as interval[]))[least(attempts + 1, cardinality(cast(:waits as interval[])))]
from taken t, partner_endpoint e, partner_event v where t.id = d.id and e.id = d.endpoint_id and v.id = d.event_id
returning d.id, d.endpoint_id, d.attempts, d.queued_at, d.due_at, e.url, e.secret, e.old_secret, e.old_until,
  v.id as event_id, v.type, v.at, v.data
"""
_RECORD = """
update partner_delivery d set answer = r.answer,
  status = case when r.answer like '2__' then 'delivered' when d.due_at > d.queued_at + :give_up then 'parked' else status end
from (select * from unnest(cast(:ids as bigint[]), cast(:answers as text[]))) r (id, answer)
where r.id = d.id and d.status = 'waiting'
"""
#: one that took something is free at once; one that took nothing is left alone until its pause is over
_FREE = "update partner_endpoint set busy_until = null where id = any(:ids)"


async def deliver(context: Context, *, now: datetime, caller: wire.Caller) -> int:
    """One round: what is due at each endpoint, at most AT_ONCE each; returns how many were tried."""
    async with context.session() as session:
        due = await db.rows(
            session,
            _CLAIM,
            now=now,
            endpoints=ENDPOINTS,
            at_once=AT_ONCE,
            in_order=IN_ORDER,
            pause=PAUSE,
            waits=list(WAITS),
        )
    if not due:
        return 0
    answers = await asyncio.gather(*(_send(row, context=context, now=now, caller=caller) for row in due))
    await _record(context, due, answers)
    return len(due)


async def _send(row: Mapping[str, Any], *, context: Context, now: datetime, caller: wire.Caller) -> str:
    """The receiver checks the timestamp against its own clock, so it is the real one, not the service's."""
    secrets = [row["secret"], *([row["old_secret"]] if row["old_secret"] and row["old_until"] > now else [])]
    try:
        known = [vault.unseal(context.key, bytes(secret)).decode() for secret in secrets]
    except vault.SealedElsewhereError:
        return "refused: its secret was sealed with another key; the creditor can change it"
    body = json.dumps(told(row), separators=(",", ":")).encode()
    event, timestamp = name(row["event_id"]), int(datetime.now(UTC).timestamp())
    headers = {
        "webhook-id": event,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": wire.sign(known, event=event, timestamp=timestamp, body=body),
        "user-agent": "outreach-webhooks/1",
    }
    return await caller.post(row["url"], body=body, headers=headers)


async def _record(context: Context, due: Sequence[Mapping[str, Any]], answers: Sequence[str]) -> None:
    well = {row["endpoint_id"] for row, answer in zip(due, answers, strict=True) if answer.startswith("2")}
    async with context.session() as session:
        await session.execute(sa.text(_FREE), {"ids": list(well)})
        await session.execute(
            sa.text(_RECORD),
            {"ids": [row["id"] for row in due], "answers": list(answers), "give_up": GIVE_UP},
        )
    for row, answer in zip(due, answers, strict=True):
        if not answer.startswith("2"):
            log.warning("webhook_refused", endpoint=row["endpoint_id"], attempts=row["attempts"], answer=answer)


def name(event_id: int) -> str:
    """What an event is called outside: the same in the feed, in the webhook and in every repetition."""
    return f"evt_{event_id}"


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """An event as it is told outside; `row` has event_id or id, type, at, data."""
    at = row["at"].astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {
        "id": name(row.get("event_id", row.get("id", 0))),
        "type": row["type"],
        "timestamp": at,
        "data": row["data"],
    }
