"""Everything known of one person, for the debtor page and the context beside a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db

_ACCOUNTS = """
select a.*, c.name as creditor, c.relationship, c.sms_allowed, o.name as owner
from account a join creditor c on c.id = a.creditor_id left join staff o on o.id = a.owner_id
where a.debtor_id = :id order by (a.status = 'open') desc, a.id
"""
#: the newest word on an address, its medium or everything decides whether it is refused
_POINTS = """
select p.*, case p.kind when 'phone' then 'sms' else 'email' end as medium, k.kind as consent, k.at as consent_at, k.via as consent_via
from contact_point p
left join lateral (
  select kind, at, via from consent k
  where (k.debtor_id = p.debtor_id and (k.scope = 'all_electronic'
           or (k.scope = 'medium' and k.medium = case p.kind when 'phone' then 'sms' else 'email' end)))
     or (k.scope = 'address' and k.address = p.address)
  order by k.at desc, k.id desc limit 1
) k on true
where p.debtor_id = :id order by (p.status = 'current') desc, p.kind desc, p.id
"""
_HOLDS = """
select h.*, a.ref as account from hold h left join account a on a.id = h.account_id
where h.debtor_id = :id and (h.until is null or h.until > :now) order by h.since desc
"""
_PLANS = """
select p.*, a.ref as account,
  (select count(*) from installment i where i.plan_id = p.id and i.paid_cents = i.amount_cents) as paid_count,
  (select coalesce(sum(i.paid_cents), 0)::bigint from installment i where i.plan_id = p.id) as paid_cents,
  (select min(i.due_date) from installment i where i.plan_id = p.id and i.paid_cents < i.amount_cents) as next_date
from plan p join account a on a.id = p.account_id where p.debtor_id = :id
order by (p.status in ('collecting', 'countered', 'proposed', 'review')) desc, p.id desc
"""
_DISPUTES = """
select x.*, a.ref as account, (select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'words', f.words, 'name', f.name)
    order by f.id), '[]') from dispute_proof f where f.dispute_id = x.id) as proofs
from dispute x join account a on a.id = x.account_id where x.debtor_id = :id order by x.id desc
"""
_PAYMENTS = """
select p.*, a.ref as account from payment p join account a on a.id = p.account_id
where p.debtor_id = :id order by p.paid_at desc limit 50
"""
_PREFERENCES = """
select distinct on (kind) kind, value, at, via, until from preference
where debtor_id = :id and (until is null or until > :now) order by kind, at desc, id desc
"""
_CASES = """
select c.*, s.name as holder from cases c left join staff s on s.id = c.claimed_by
where c.debtor_id = :id order by (c.status <> 'closed') desc, c.id desc
"""
#: contacts as the organisation cap counts them: what left for the person on any channel
_CONTACTED = """
select count(*) filter (where at > :day) as day, count(*) filter (where at > :week) as week, max(at) as last_at
from (select coalesce(sent_at, created_at) as at from message where debtor_id = :id and direction = 'out' and staff_id is null
      and status in ('sending', 'unknown', 'accepted', 'sent', 'delivered', 'failed') and in_reply_to is null) contact
"""


async def dossier(session: AsyncSession, *, now: datetime, debtor_id: int) -> dict[str, Any] | None:
    """All of a person by noun, or None when nobody has this id."""
    debtor = await db.one(session, "select * from debtor where id = :id", id=debtor_id)
    if debtor is None:
        return None
    debts = await accounts(session, debtor_id=debtor_id)
    return {
        "debtor": debtor,
        "accounts": debts,
        "balance_cents": sum(a["balance_cents"] for a in debts if a["status"] == "open"),
        "points": await db.rows(session, _POINTS, id=debtor_id),
        "holds": await db.rows(session, _HOLDS, id=debtor_id, now=now),
        "plans": await db.rows(session, _PLANS, id=debtor_id),
        "disputes": await db.rows(session, _DISPUTES, id=debtor_id),
        "payments": await db.rows(session, _PAYMENTS, id=debtor_id),
        "preferences": await db.rows(session, _PREFERENCES, id=debtor_id, now=now),
        "cases": await db.rows(session, _CASES, id=debtor_id),
        "contacted": await db.one(
            session, _CONTACTED, id=debtor_id, day=now - timedelta(days=1), week=now - timedelta(days=7)
        ),
    }


async def ledger(session: AsyncSession, *, debtor_id: int) -> list[Mapping[str, Any]]:
    """The running account: each line with its source and the balance of its account after it."""
    return await db.rows(
        session,
        "select l.*, a.ref as account, sum(l.amount_cents) over (partition by l.account_id order by l.at, l.id)::bigint as balance_cents"
        " from ledger_entry l join account a on a.id = l.account_id where a.debtor_id = :id order by l.at desc, l.id desc limit 500",
        id=debtor_id,
    )


async def accounts(session: AsyncSession, *, debtor_id: int) -> list[Mapping[str, Any]]:
    """Every debt of a person with its creditor, open ones first."""
    return await db.rows(session, _ACCOUNTS, id=debtor_id)
