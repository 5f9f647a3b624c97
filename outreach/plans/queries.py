"""Reads on plans and promises: a person's, one with its instalments, and the day's list (S51)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db

_PLANS = """
select p.*, a.ref as account_ref, a.balance_cents, k.name as creditor, s.name as approved_by_name, d.first_name,
  d.last_name,
  i.paid_cents, i.paid_count, i.next_date, i.next_cents, i.missed_count, i.next_moved
from plan p join account a on a.id = p.account_id join creditor k on k.id = a.creditor_id
join debtor d on d.id = p.debtor_id
left join staff s on s.id = p.approved_by
left join lateral (
  select coalesce(sum(paid_cents), 0)::bigint as paid_cents,
    count(*) filter (where paid_cents = amount_cents) as paid_count,
    count(*) filter (where missed_at is not null and paid_cents < amount_cents) as missed_count,
    (array_agg(due_date order by due_date, number) filter (where paid_cents < amount_cents))[1] as next_date,
    (array_agg(amount_cents - paid_cents order by due_date, number) filter (where paid_cents < amount_cents))[1]
      as next_cents,
    (array_agg(moved_from is not null order by due_date, number) filter (where paid_cents < amount_cents))[1]
      as next_moved
  from installment where plan_id = p.id
) i on true
"""


async def plan(session: AsyncSession, *, plan_id: int) -> Mapping[str, Any] | None:
    """One plan with `parts`, its instalments (number, due_date, amount_cents, paid_cents, missed_at, moved_from).

    `next_date`, `next_cents` and `next_moved` (it was moved already) are of the next unpaid one; `paid_count` counts
    whole ones. Figures of a plan not agreed yet are its offer; `agreement` and `agreement_hash` are both copies.
    """
    found = await db.one(session, _PLANS + " where p.id = :id", id=plan_id)
    return {**found, "parts": await parts(session, plan_id=plan_id)} if found else None


async def parts(session: AsyncSession, *, plan_id: int) -> Sequence[Mapping[str, Any]]:
    return await db.rows(
        session,
        "select id, number, due_date, amount_cents, paid_cents, reminded_at, missed_at, moved_from"
        " from installment where plan_id = :id order by due_date, number",
        id=plan_id,
    )


async def of_debtor(session: AsyncSession, *, debtor_id: int) -> Sequence[Mapping[str, Any]]:
    """Every plan of a person, those in force first, without instalments."""
    return await db.rows(
        session,
        _PLANS + " where p.debtor_id = :id"
        " order by p.status not in ('agreed', 'active', 'suspended', 'broken'), p.proposed_at desc, p.id desc",
        id=debtor_id,
    )


async def of_account(session: AsyncSession, *, account_id: int) -> Mapping[str, Any] | None:
    """The plan in force on an account, else the one talked about, else None."""
    return await db.one(
        session,
        _PLANS + " where p.account_id = :id and p.status not in ('cancelled', 'completed')"
        " order by p.status not in ('agreed', 'active', 'suspended', 'broken'), p.id desc limit 1",
        id=account_id,
    )


async def promises(session: AsyncSession, *, debtor_id: int) -> Sequence[Mapping[str, Any]]:
    """What a person promised, newest first."""
    return await db.rows(
        session,
        "select id, account_id, amount_cents, date, status, made_at from promise where debtor_id = :id"
        " order by made_at desc, id desc",
        id=debtor_id,
    )


async def today(session: AsyncSession, *, day: date, limit: int = 500) -> Sequence[Mapping[str, Any]]:
    """Promises and instalments due, late or broken in the week up to `day`, the day's own first.

    `state`: due (today, not paid yet), late, broken, kept (paid late counts as kept).
    """
    return await db.rows(session, _TODAY, day=day, since=day - timedelta(days=7), limit=limit)


_TODAY = """
select 'promise' as kind, p.id, p.debtor_id, d.first_name, d.last_name, p.date as due_date, p.amount_cents,
  case when p.status = 'open' then case when p.date < :day then 'late' else 'due' end else p.status end as state
from promise p join debtor d on d.id = p.debtor_id where p.date between :since and :day and p.status <> 'withdrawn'
union all
select 'installment', i.plan_id, n.debtor_id, d.first_name, d.last_name, i.due_date, i.amount_cents - i.paid_cents,
  case when i.paid_cents = i.amount_cents then 'kept' when n.status = 'broken' then 'broken'
       when i.due_date < :day then 'late' else 'due' end
from installment i join plan n on n.id = i.plan_id and n.status in ('agreed', 'active', 'broken')
join debtor d on d.id = n.debtor_id where i.due_date between :since and :day
order by due_date desc, state, id limit :limit
"""
