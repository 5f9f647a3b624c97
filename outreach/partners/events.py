"""What creditors are told, made from the sealed trail.

Every act is signed on the trail in its own transaction, so the trail is the outbox: one statement turns the links sealed since the
last time into events and deliveries, set by set. A link covers committed rows only and links are numbered in order, so
nothing is passed over and nothing told twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.partners import holds

#: how long events can be read again
KEPT = timedelta(days=90)
#: links of the trail a run takes at most, of 5,000 entries each
LINKS = 50
CURSOR = "partner_events"
#: a trial of an endpoint; no feed shows it
TRIAL = "endpoint.test"

#: act on the trail -> event
ACTS: Mapping[str, str] = {
    "payment.recorded": "payment.recorded",
    "payment.reversed": "payment.reversed",
    "plan.agreed": "plan.agreed",
    "plan.active": "plan.active",
    "plan.suspended": "plan.suspended",
    "plan.broken": "plan.broken",
    "plan.completed": "plan.completed",
    "plan.cancelled": "plan.cancelled",
    "plan.payment_missed": "plan.payment_missed",
    "dispute.open": "dispute.opened",
    "dispute.duplicate": "dispute.opened",
    "dispute.proof": "dispute.proof_received",
    "dispute.answer_sent": "dispute.answer_sent",
    "dispute.answered": "dispute.answered",
    "dispute.upheld": "dispute.upheld",
    "account.recalled": "account.recalled",
    "account.adjusted": "account.adjusted",
    "opt_out": "contact.stopped",
    "opt_in": "contact.resumed",
    "hold": "hold.placed",
    "release": "hold.released",
}
#: a hold whose cause is an event of its own
_TOLD = {"dispute", "validation_request", "original_creditor_request", "plan", "recalled"}
TYPES = tuple(dict.fromkeys([*ACTS.values(), "account.paid", "account.reopened"]))

_PUBLISH = """
with acts (action, type) as (select * from unnest(cast(:actions as text[]), cast(:types as text[]))),
shown (reason, word, of_person) as (
  select * from unnest(cast(:reasons as text[]), cast(:words as text[]), cast(:persons as boolean[]))),
fresh as (
  select e.id, e.at, e.actor, e.action, e.debtor_id, e.subject, e.detail, t.type,
    case when e.subject ~ '^(payment|plan|dispute|account):[0-9]+$'
      then cast(split_part(e.subject, ':', 2) as bigint) end as row_id
  from audit_entry e join acts t on t.action = e.action where e.sealed_in > :after and e.sealed_in <= :upto),
named as (
  select f.id, f.at, f.actor, f.type, p.account_id, jsonb_build_object('reference', p.reference, 'amount_cents', p.amount_cents,
    'paid_at', to_char(p.paid_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) as data
  from fresh f join payment p on p.id = f.row_id where f.subject like 'payment:%'
  union all
  select f.id, f.at, f.actor, f.type, p.account_id, jsonb_build_object('plan', p.id)
  from fresh f join plan p on p.id = f.row_id where f.subject like 'plan:%' and p.agreed_at is not null
  union all
  select f.id, f.at, f.actor, f.type, x.account_id, jsonb_build_object('dispute', x.id, 'kind', x.kind, 'reason', x.reason)
  from fresh f join dispute x on x.id = f.row_id where f.subject like 'dispute:%'
  union all
  select f.id, f.at, f.actor, f.type, f.row_id,
    jsonb_strip_nulls(jsonb_build_object('component', f.detail -> 'component', 'amount_cents', f.detail -> 'amount_cents',
      'reference', f.detail -> 'reference'))
  from fresh f where f.subject like 'account:%'
  union all
  select f.id, f.at, f.actor, case when f.subject <> 'paid' then f.type when f.action = 'hold' then 'account.paid'
      else 'account.reopened' end, a.id, case when f.subject = 'paid' then '{}' else jsonb_build_object('reason', s.word) end
  from fresh f join shown s on s.reason = f.subject
  join account a on a.debtor_id = f.debtor_id
    and (a.id = cast(f.detail ->> 'account' as bigint) or f.detail ->> 'account' is null and s.of_person and a.status <> 'recalled')
  where f.action in ('hold', 'release')
  union all
  select f.id, f.at, f.actor, f.type, a.id, jsonb_build_object('medium', f.subject)
  from fresh f join account a on a.debtor_id = f.debtor_id and a.status <> 'recalled' where f.action in ('opt_out', 'opt_in')),
made as (
  insert into partner_event (creditor_id, account_id, audit_id, type, at, data)
  select a.creditor_id, a.id, n.id, n.type, n.at, jsonb_build_object('account', a.ref) || n.data
    || jsonb_build_object('by', case when exists (select 1 from api_key k where n.actor = 'api:' || k.id
      and k.creditor_id = a.creditor_id) then 'creditor' else 'service' end)
  from named n join account a on a.id = n.account_id order by n.id, a.id
  on conflict do nothing returning id, creditor_id, account_id, type),
told as (
  insert into partner_delivery (endpoint_id, event_id, account_id, queued_at, due_at)
  select e.id, m.id, m.account_id, :now, :now from made m join partner_endpoint e on e.creditor_id = m.creditor_id and e.ended_at is null
    and (e.events = '' or m.type = any(string_to_array(e.events, ' '))) order by m.id)
select count(*) from made
"""
_FEED = """
select id, type, at, data from partner_event where creditor_id = :creditor_id and id > :after and audit_id is not null
and (cardinality(cast(:types as text[])) = 0 or type = any(:types)) order by id limit :limit
"""


async def publish(session: AsyncSession, *, now: datetime) -> int:
    """Turn what was sealed since the last time into events and deliveries; returns how many events."""
    after = await session.scalar(
        sa.text("select value from setting where name = :name for update skip locked"), {"name": CURSOR}
    )
    if after is None:  # another worker is at it
        return 0
    head = await session.scalar(sa.text("select max(number) from audit_seal")) or 0
    upto = min(head, after + LINKS)
    if upto <= after:
        return 0
    shown = {str(reason): how for reason, how in holds.SHOWN.items() if str(reason) not in _TOLD}
    made = await session.scalar(
        sa.text(_PUBLISH),
        {
            "now": now,
            "after": after,
            "upto": upto,
            "actions": list(ACTS),
            "types": list(ACTS.values()),
            "reasons": list(shown),
            "words": [word for word, _ in shown.values()],
            "persons": [of_person for _, of_person in shown.values()],
        },
    )
    await session.execute(
        sa.text("update setting set value = to_jsonb(cast(:upto as bigint)) where name = :name"),
        {"upto": upto, "name": CURSOR},
    )
    return int(made or 0)


async def feed(
    session: AsyncSession, *, creditor_id: int, after: int = 0, types: Sequence[str] = (), limit: int = 100
) -> Sequence[Mapping[str, Any]]:
    """A creditor's events after one of them, in order. They are numbered by one hand, so none appears behind a cursor."""
    return await db.rows(session, _FEED, creditor_id=creditor_id, after=after, types=list(types), limit=limit)


async def forget(session: AsyncSession, *, now: datetime) -> int:
    """Drop events older than KEPT with their deliveries; returns how many."""
    return await db.change(
        session,
        "with old as (select id from partner_event where at < :before order by at limit 10000),"
        " gone as (delete from partner_delivery where event_id in (select id from old))"
        " delete from partner_event where id in (select id from old)",
        before=now - KEPT,
    )
