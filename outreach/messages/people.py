"""All that is known of a batch of people, in one query: what facts, wording and routing are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from outreach import db

#: The law's longest look-back at single contacts is 30 days (209 CMR 18.16: elsewhere than home); one day of margin.
_LOOK_BACK_DAYS = 31

#: One row a person. Each list is a JSON array of short objects, empty lists are null.
_PEOPLE = """
select d.id, d.epoch, d.ref, d.first_name, d.last_name, d.language, d.date_of_birth, d.state, d.zip, d.country, d.city,
  d.stated_timezone, d.stated_timezone_at, d.role, d.law_facts, t.held_by, t.held_at, c.disclosed_at,
  (select json_agg(json_build_object('id', p.id, 'kind', p.kind, 'address', p.address, 'line', p.line, 'area_code', p.area_code,
      'status', p.status, 'basis', p.basis, 'basis_at', p.basis_at, 'basis_facts', p.basis_facts,
      'checked_at', p.reassigned_checked_at, 'check', p.reassigned_result, 'public', p.domain_public,
      'employer', p.employer_provided, 'reported_at', p.disclosure_reported_at, 'verified_at', p.verified_at) order by p.id)
   from contact_point p where p.debtor_id = d.id) as points,
  (select json_agg(json_build_object('id', a.id, 'ref', a.ref, 'status', a.status, 'balance', a.balance_cents,
      'principal', a.principal_cents, 'interest', a.interest_cents, 'fees', a.fees_cents, 'payments', a.payments_cents,
      'currency', a.currency, 'type', a.debt_type, 'original', a.original_creditor, 'opened', a.opened_date,
      'limitation', a.limitation_date, 'initial_at', a.initial_communication_at, 'validation_at', a.validation_provided_at,
      'validation_method', a.validation_method, 'validation_undeliverable_at', a.validation_undeliverable_at,
      'validation_end', a.validation_period_end, 'owner', a.owner_id, 'creditor_id', cr.id, 'creditor', cr.name,
      'relationship', cr.relationship, 'sms_allowed', cr.sms_allowed, 'min_monthly', cr.min_monthly_cents,
      'max_months', cr.max_months, 'first_within', cr.first_payment_within_days, 'high_value', cr.high_value_cents) order by a.id)
   from account a join creditor cr on cr.id = a.creditor_id where a.debtor_id = d.id) as accounts,
  (select json_agg(json_build_object('reason', h.reason, 'account', h.account_id, 'point', h.contact_point_id, 'medium', h.medium,
      'since', h.since, 'until', h.until))
   from hold h where h.debtor_id = d.id and (h.until is null or h.until > :now)) as holds,
  (select json_agg(json_build_object('kind', s.kind, 'scope', s.scope, 'medium', s.medium, 'address', s.address, 'at', s.at,
      'via', s.via) order by s.at, s.id)
   from (select id, kind, scope, medium, address, at, via from consent where debtor_id = d.id
         union -- and not `or`, which would read the whole table for each person
         select c.id, c.kind, c.scope, c.medium, c.address, c.at, c.via
         from contact_point p join consent c on c.address = p.address and c.scope = 'address' where p.debtor_id = d.id
         union -- a stop another person sent from a number or mailbox they share closes it here, until either wants it again
         select c.id, c.kind, 'address', c.medium, c.address, c.at, c.via
         from contact_point p join consent c on c.address = p.address and c.scope <> 'address' and c.debtor_id <> d.id
         where p.debtor_id = d.id and c.kind = 'refusal' and not exists (select 1 from consent g where g.kind = 'grant' and g.at > c.at
           and g.debtor_id in (c.debtor_id, d.id) and (g.medium = c.medium or g.scope = 'all_electronic'))) s
  ) as consents,
  (select json_agg(json_build_object('kind', w.kind, 'value', w.value, 'until', w.until, 'at', w.at))
   from (select distinct on (kind) kind, value, until, at from preference
         where debtor_id = d.id order by kind, at desc, id desc) w) as wishes,
  (select json_agg(json_build_object('id', m.id, 'at', coalesce(m.sent_at, m.created_at), 'dir', m.direction, 'medium', m.medium,
      'purpose', m.purpose, 'point', m.contact_point_id, 'accounts', m.account_ids, 'reply_to', m.in_reply_to,
      'status', m.status, 'staff', m.staff_id, 'outcome', m.content ->> 'outcome', 'about', m.content ->> 'about_debt'))
   from message m where m.debtor_id = d.id and m.created_at > :now - make_interval(days => :days)
     and (m.direction = 'in' or m.status in ('sending', 'unknown', 'accepted', 'sent', 'delivered', 'failed'))) as history,
  (select json_agg(json_build_object('id', x.id, 'account', x.account_id, 'kind', x.kind, 'status', x.status, 'via', x.via,
      'scope', x.scope, 'amount', x.amount_cents, 'received_at', x.received_at, 'answered_at', x.answered_at,
      'method', x.answer_method, 'esign', (x.answer ->> 'esign')::boolean,
      'undeliverable_at', x.answer_undeliverable_at, 'same_as', x.same_as_id, 'reason', x.reason))
   from dispute x where x.debtor_id = d.id) as disputes,
  exists (select 1 from message m where m.debtor_id = d.id and m.direction = 'out'
     and m.status in ('sending', 'unknown', 'accepted', 'sent', 'delivered')) as contacted
from unnest(cast(:ids as bigint[])) as wanted(id)
join debtor d on d.id = wanted.id
left join thread t on t.debtor_id = d.id
left join conversation c on c.debtor_id = d.id
"""

Person = Mapping[str, Any]


async def load(connection: AsyncConnection | AsyncSession, ids: Sequence[int], *, now: datetime) -> dict[int, Person]:
    """People by id, each with points, accounts, holds, consents, wishes, history and disputes; nothing is hidden in objects."""
    found = await db.rows(connection, _PEOPLE, ids=sorted(set(ids)), now=now, days=_LOOK_BACK_DAYS)
    return {row["id"]: row for row in found}
