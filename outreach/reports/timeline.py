"""One timeline of a person over every noun: what was said, refused, noted, agreed, disputed, paid and paused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db

#: kind -> SQL giving (at, ref, actor, detail). Each source is small for one person; one round trip reads them all.
SOURCES = {
    "message": """
        select coalesce(m.sent_at, m.created_at) as at, m.id::text as ref, coalesce('staff:' || m.staff_id, '') as actor,
               jsonb_build_object('direction', m.direction, 'channel', m.channel, 'status', m.status, 'text', m.text,
                 'subject', m.subject, 'reason', m.reason, 'code', m.code, 'purpose', m.purpose, 'segments', m.segments,
                 'address', m.address, 'template', m.template, 'not_before', m.not_before, 'labels', m.labels,
                 'by', s.name, 'campaign', c.name, 'intent', t.intent, 'engine', t.engine,
                 'decision_id', r.id, 'rules', r.rules, 'findings', r.findings, 'earliest_at', r.earliest_at,
                 'attachments', (select jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'size', f.size))
                                 from attachment f where f.message_id = m.id)) as detail
        from message m
        left join staff s on s.id = m.staff_id
        left join campaign c on c.id = m.campaign_id
        left join turn t on t.inbound_id = m.id
        left join lateral (select id, rules, findings, earliest_at from decision_record where message_id = m.id
                           order by id desc limit 1) r on true
        where m.debtor_id = :debtor_id""",
    "refusal": """
        select r.at, r.id::text, '', jsonb_build_object('decision', r.decision, 'stage', r.stage, 'rules', r.rules,
                 'findings', r.findings, 'earliest_at', r.earliest_at, 'decision_id', r.id, 'campaign', c.name)
        from decision_record r left join campaign c on c.id = r.campaign_id
        where r.debtor_id = :debtor_id and r.decision <> 'allow' and r.message_id is null""",
    "case": """
        select e.at, e.id::text, e.actor, jsonb_build_object('event', e.kind, 'note', e.note, 'detail', e.detail,
                 'case_id', c.id, 'reason', c.reason)
        from case_event e join cases c on c.id = e.case_id where c.debtor_id = :debtor_id""",
    "plan": """
        select e.at, p.id::text, '', jsonb_build_object('event', e.event, 'status', p.status, 'amount_cents', p.amount_cents,
                 'frequency', p.frequency, 'count', p.count, 'first_date', p.first_date, 'total_cents', p.total_cents,
                 'last_cents', p.last_cents, 'via', p.proposed_via, 'reason', p.end_reason, 'account', a.ref)
        from plan p join account a on a.id = p.account_id
        cross join lateral (values (p.proposed_at, 'proposed'), (p.agreed_at, 'agreed'), (p.ended_at, 'ended')) e(at, event)
        where p.debtor_id = :debtor_id and e.at is not null""",
    "dispute": """
        select e.at, x.id::text, '', jsonb_build_object('event', e.event, 'kind', x.kind, 'reason', x.reason, 'via', x.via,
                 'status', x.status, 'text', x.text, 'method', x.answer_method, 'account', a.ref)
        from dispute x join account a on a.id = x.account_id
        cross join lateral (values (x.received_at, 'received'), (x.answered_at, 'answered')) e(at, event)
        where x.debtor_id = :debtor_id and e.at is not null""",
    "payment": """
        select p.paid_at, p.id::text, '', jsonb_build_object('amount_cents', p.amount_cents, 'method', p.method,
                 'reference', p.reference, 'applied', p.applied, 'source', p.source, 'account', a.ref)
        from payment p join account a on a.id = p.account_id where p.debtor_id = :debtor_id""",
    "hold": """
        select e.at, h.id::text, h.source, jsonb_build_object('event', e.event, 'reason', h.reason, 'medium', h.medium,
                 'note', h.note, 'until', h.until, 'account', a.ref)
        from hold h left join account a on a.id = h.account_id
        cross join lateral (values (h.since, 'placed'), (h.until, 'released')) e(at, event)
        where h.debtor_id = :debtor_id and e.at is not null and e.at <= :now""",
    "consent": """
        select k.at, k.id::text, '', jsonb_build_object('kind', k.kind, 'scope', k.scope, 'medium', k.medium, 'via', k.via,
                 'words', k.words, 'address', k.address)
        from consent k where k.debtor_id = :debtor_id""",
    "preference": """
        select f.at, f.id::text, '', jsonb_build_object('kind', f.kind, 'value', f.value, 'via', f.via, 'until', f.until)
        from preference f where f.debtor_id = :debtor_id""",
    "promise": """
        select r.made_at, r.id::text, '', jsonb_build_object('amount_cents', r.amount_cents, 'date', r.date, 'status', r.status)
        from promise r where r.debtor_id = :debtor_id""",
}

#: what the filter above the timeline offers
FILTERS = {
    "all": tuple(SOURCES),
    "messages": ("message", "refusal"),
    "notes": ("case",),
    "money": ("plan", "payment", "promise"),
    "rights": ("dispute", "hold", "consent", "preference"),
}


async def read(
    session: AsyncSession, *, now: datetime, debtor_id: int, show: str = "all", before: datetime | None = None, limit: int = 100
) -> list[Mapping[str, Any]]:
    """The newest `limit` entries before a moment, oldest first: {kind, at, ref, actor, detail}."""
    parts = [f"select '{kind}' as kind, x.* from ({SOURCES[kind]}) x(at, ref, actor, detail)" for kind in FILTERS.get(show, FILTERS["all"])]
    sql = (
        f"select * from ({' union all '.join(parts)}) entry"
        " where cast(:before as timestamptz) is null or at < :before order by at desc, kind, ref desc limit :limit"
    )
    values: dict[str, Any] = {"debtor_id": debtor_id, "before": before, "limit": limit}
    if ":now" in sql:
        values["now"] = now
    return list(reversed(await db.rows(session, sql, **values)))


async def stamp(session: AsyncSession, *, debtor_id: int) -> str:
    """Changes whenever something was said, decided or done with this person: a cheap "is there news?"."""
    found = await db.one(
        session,
        "select concat_ws('-',"
        " (select extract(epoch from max(greatest(created_at, coalesce(sent_at, created_at), coalesce(settled_at, created_at))))"
        "   from message where debtor_id = :id),"
        " (select max(e.id) from case_event e join cases c on c.id = e.case_id where c.debtor_id = :id),"
        " (select max(id) from hold where debtor_id = :id), (select max(id) from payment where debtor_id = :id),"
        " (select epoch from debtor where id = :id)) as stamp",
        id=debtor_id,
    )
    return str(found["stamp"]) if found else ""
