"""The work list: views over open cases, ordered by the next promise to break, and the search for a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db

#: a case whose promise breaks within this time is breaching
SOON = timedelta(minutes=30)

#: view -> the cases it shows; `:me`, `:soon` are values. `status <> 'closed'` keeps every view on the queue's partial index.
VIEWS = {
    "mine": "c.claimed_by = :me and c.status = 'claimed'",
    "unassigned": "c.status = 'open'",
    "breaching": "c.status in ('open', 'claimed') and c.due_at <= :soon",
    "waiting": "c.status = 'claimed' and exists (select 1 from thread t where t.debtor_id = c.debtor_id"
    " and t.unanswered_since is null and t.last_out_at > coalesce(t.last_in_at, '-infinity'))",
    "snoozed": "c.status = 'snoozed'",
    "all": "true",
}

_PAGE = """
with page as (
  select c.* from cases c
  where c.status <> 'closed' and {view} and (c.due_at, c.id) > (:after_at, :after_id)
  order by c.due_at, c.id limit :limit
)
select p.id, p.debtor_id, p.reason, p.priority, p.status, p.due_at, p.opened_at, p.snoozed_until, p.claimed_by, p.claimed_at,
       p.version, s.name as holder, d.ref as debtor_ref, d.first_name, d.last_name, d.language,
       m.text as excerpt, m.channel as excerpt_channel, m.direction as excerpt_direction, m.created_at as excerpt_at,
       t.unanswered_since, desk.seen_at < coalesce(m.created_at, p.opened_at) or desk.seen_at is null as unread,
       (select string_agg(o.name, ', ' order by o.name) from desk w join staff o on o.id = w.staff_id
         where w.case_id = p.id and w.staff_id <> :me and w.present_at > :lately) as viewers
from page p
join debtor d on d.id = p.debtor_id
left join staff s on s.id = p.claimed_by
left join thread t on t.debtor_id = p.debtor_id
left join desk on desk.case_id = p.id and desk.staff_id = :me
left join lateral (
  select text, channel, direction, created_at from message
  where debtor_id = p.debtor_id and status not in ('denied', 'withdrawn', 'expired') order by created_at desc limit 1
) m on true
order by p.due_at, p.id
"""

_COUNTS = "select " + ", ".join(f"count(*) filter (where {where}) as {view}" for view, where in VIEWS.items()) + (
    " from cases c where c.status <> 'closed'"
)

_EARLIEST = datetime.fromisoformat("0001-01-01T00:00:00+00:00")


async def page(
    session: AsyncSession,
    *,
    now: datetime,
    me: int,
    view: str,
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> list[Mapping[str, Any]]:
    """Cases of a view after a keyset position (due moment, id), next breach first."""
    after_at, after_id = after or (_EARLIEST, 0)
    where = VIEWS.get(view, VIEWS["all"])
    values = {"after_at": after_at, "after_id": after_id, "limit": limit, "me": me, "lately": now - timedelta(seconds=20)}
    if ":soon" in where:
        values["soon"] = now + SOON
    return await db.rows(session, _PAGE.format(view=where), **values)


async def counts(session: AsyncSession, *, now: datetime, me: int) -> Mapping[str, int]:
    """How many cases each view holds."""
    found = await db.one(session, _COUNTS, me=me, soon=now + SOON)
    return dict(found or {})


async def next_case(session: AsyncSession, *, now: datetime, me: int, not_case: int = 0) -> int | None:
    """The case to work next: my own first, then the nearest promise nobody holds."""
    found = await db.one(
        session,
        "select id from cases where id <> :not_case"
        " and ((status = 'claimed' and claimed_by = :me) or (status = 'open'))"
        " order by (status = 'claimed') desc, due_at, id limit 1",
        me=me,
        not_case=not_case,
    )
    return found["id"] if found else None


_FIND = """
with hit as ({hits})
select d.id, d.ref, d.first_name, d.last_name, d.state, d.city, min(h.how) as how,
       (select count(*) from account a where a.debtor_id = d.id) as accounts,
       (select c.id from cases c where c.debtor_id = d.id and c.status <> 'closed' order by c.due_at limit 1) as case_id
from hit h join debtor d on d.id = h.id
group by d.id order by min(h.rank), d.last_name, d.first_name, d.id limit 50
"""
_BY_ADDRESS = "select debtor_id as id, 'address' as how, 1 as rank from contact_point where address = any(:addresses)"
_BY_REF = (
    "select id, 'reference' as how, 2 as rank from debtor where ref = :q"
    " union all select debtor_id, 'reference', 2 from account where ref = :q"
)
#: the name index is on (lower(last_name), lower(first_name)); a range is what it can serve in any collation
_BY_NAME = (
    "(select id, 'name' as how, 3 as rank from debtor where lower(last_name) = any(:words) and"
    " (:single or lower(first_name) = any(:words)) limit 50)"
    " union all (select id, 'name', 4 from debtor where lower(last_name) like :prefix or lower(first_name) like :prefix limit 50)"
)


async def find_person(session: AsyncSession, *, text: str) -> list[Mapping[str, Any]]:
    """People by phone, email, debtor or account reference, or name; best evidence first, at most 50."""
    q = text.strip()
    if not q:
        return []
    digits = re.sub(r"\D", "", q)
    words = [w for w in re.split(r"[\s,]+", q.lower()) if w]
    hits, values = [_BY_REF], {"q": q}
    if "@" in q:
        local, _, domain = q.rpartition("@")
        hits, values = [_BY_ADDRESS], {"addresses": [q, f"{local}@{domain.lower()}", q.lower()]}
    elif len(digits) >= 7 and not re.search(r"[A-Za-z]", q):
        hits.append(_BY_ADDRESS)
        values["addresses"] = [f"+{digits}", f"+1{digits[-10:]}"]
    elif re.search(r"[^\W\d]", q):
        hits.append(_BY_NAME)
        prefix = words[-1].replace("\\", "").replace("%", r"\%").replace("_", r"\_") + "%"
        values |= {"words": words, "single": len(words) == 1, "prefix": prefix}
    return await db.rows(session, _FIND.format(hits=" union all ".join(hits)), **values)
