"""Reads on cases: the queue in the order of the next breach, its counts, one case, the load of each colleague."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db

#: view -> its condition; each is one range of `ix_case_queue` or a filter on it
VIEWS: Mapping[str, str] = {
    "mine": "c.status = 'claimed' and c.claimed_by = :staff_id",
    "unassigned": "c.status = 'open'",
    "breaching": "c.status in ('open', 'claimed') and c.due_at <= :soon",
    "snoozed": "c.status = 'snoozed'",
    "all": "c.status <> 'closed'",
}
#: a case is breaching when less than this is left
SOON = timedelta(hours=1)

# The page is cut before anything is joined: 50 rows are looked up, never the queue.
_QUEUE = """
with page as (
  select c.*, c.priority <> 'urgent' as calm from cases c
  where {view} and c.status <> 'closed' and ({reason}) and ({after})
  order by c.priority <> 'urgent', c.due_at, c.id limit :limit
)
select p.id, p.debtor_id, p.account_id, p.reason, p.priority, p.status, p.opened_at, p.due_at, p.snoozed_until, p.calm,
  p.claimed_by, p.claimed_at, s.name as holder, d.first_name, d.last_name, d.ref as debtor_ref, d.language,
  a.ref as account_ref, k.name as creditor, t.unanswered_since, m.text as preview, m.created_at as heard_at
from page p
join debtor d on d.id = p.debtor_id
left join account a on a.id = p.account_id
left join creditor k on k.id = a.creditor_id
left join staff s on s.id = p.claimed_by
left join thread t on t.debtor_id = p.debtor_id
left join lateral (
  select left(text, 140) as text, created_at from message
  where debtor_id = p.debtor_id and direction = 'in' order by created_at desc limit 1
) m on true
order by p.calm, p.due_at, p.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One screen of the queue. Give `after` back for the next; None: this was the last."""

    rows: Sequence[Mapping[str, Any]]
    after: str | None


async def queue(
    session: AsyncSession,
    *,
    now: datetime,
    view: str = "all",
    staff_id: int | None = None,
    reason: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """Cases of a view (a key of VIEWS), urgent first, then by `due_at`: what breaches next comes next."""
    sql = _QUEUE.format(
        view=VIEWS.get(view, VIEWS["all"]),
        reason="c.reason = :reason" if reason else "true",
        after="(c.priority <> 'urgent', c.due_at, c.id) > (:calm, :due_at, :id)" if after else "true",
    )
    values = _values(sql, {"staff_id": staff_id, "soon": now + SOON, "reason": reason, **_cursor(after)})
    found = await db.rows(session, sql, limit=limit + 1, **values)
    page = found[:limit]
    return Page(rows=page, after=_token(page[-1]) if len(found) > limit else None)


async def counts(session: AsyncSession, *, now: datetime, staff_id: int | None = None) -> Mapping[str, int]:
    """How many cases each view holds, and `overdue`: past their promise already."""
    columns = ", ".join(f"count(*) filter (where {condition}) as {view}" for view, condition in VIEWS.items())
    found = await db.one(
        session,
        f"select {columns}, count(*) filter (where c.status in ('open', 'claimed') and c.due_at < :now) as overdue"
        " from cases c where c.status <> 'closed'",
        now=now,
        soon=now + SOON,
        staff_id=staff_id,
    )
    return found or {}


async def case(session: AsyncSession, *, case_id: int) -> Mapping[str, Any] | None:
    """One case with its person, account and holder; `seen` is what `replies.reply` wants back (R11)."""
    return await db.one(
        session,
        "select c.*, s.name as holder, d.first_name, d.last_name, d.ref as debtor_ref, d.language, d.state,"
        " a.ref as account_ref, k.name as creditor, t.held_by, t.unanswered_since,"
        " (select count(*) from message m where m.debtor_id = c.debtor_id"
        "   and (m.direction = 'in' or m.staff_id is not null)) as seen"
        " from cases c join debtor d on d.id = c.debtor_id left join account a on a.id = c.account_id"
        " left join creditor k on k.id = a.creditor_id left join staff s on s.id = c.claimed_by"
        " left join thread t on t.debtor_id = c.debtor_id where c.id = :id",
        id=case_id,
    )


async def of_debtor(session: AsyncSession, *, debtor_id: int) -> Sequence[Mapping[str, Any]]:
    """Every case of a person, open ones first."""
    return await db.rows(
        session,
        "select c.id, c.reason, c.priority, c.status, c.opened_at, c.due_at, c.closed_at, c.outcome, s.name as holder"
        " from cases c left join staff s on s.id = c.claimed_by where c.debtor_id = :id"
        " order by c.status = 'closed', c.due_at, c.id",
        id=debtor_id,
    )


async def workload(session: AsyncSession, *, now: datetime) -> Sequence[Mapping[str, Any]]:
    """Each active colleague who works cases: held, snoozed, overdue, closed since the day before."""
    return await db.rows(
        session,
        "select s.id, s.name, s.role,"
        " count(c.id) filter (where c.status = 'claimed') as held,"
        " count(c.id) filter (where c.status = 'snoozed') as snoozed,"
        " count(c.id) filter (where c.status = 'claimed' and c.due_at < :now) as overdue,"
        " (select count(*) from cases z where z.closed_by = s.id and z.closed_at > :since) as closed"
        " from staff s left join cases c on c.claimed_by = s.id and c.status <> 'closed'"
        " where s.disabled_at is null and s.role in ('case_manager', 'team_lead') group by s.id order by s.name",
        now=now,
        since=now - timedelta(days=1),
    )


def _token(row: Mapping[str, Any]) -> str:
    return f"{int(row['calm'])}_{row['due_at'].isoformat()}_{row['id']}"


def _cursor(token: str | None) -> dict[str, Any]:
    if not token:
        return {}
    calm, due_at, case_id = token.split("_")
    return {"calm": calm == "1", "due_at": datetime.fromisoformat(due_at), "id": int(case_id)}


def _values(sql: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Only what the statement names."""
    return {name: value for name, value in values.items() if f":{name}" in sql}
