"""One list of everything that happened with a person: said, heard, refused, decided, changed; newest last.

Changes of plans, disputes, payments, holds and consents come from the sealed trail, where every service signs
them: so a new noun shows up here by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db

_TIMELINE = """
with entries as (
  (select m.created_at as at, 0 as rank, m.id::text as ref,
    case when m.direction = 'in' then 'heard' when m.status = 'denied' then 'refused' else 'said' end as kind,
    case when m.direction = 'in' then 'debtor:' || m.debtor_id when m.staff_id is not null then 'staff:' || m.staff_id
      when m.campaign_id is not null then 'campaign:' || m.campaign_id else 'robot' end as actor,
    m.channel as title, m.text,
    jsonb_build_object('status', m.status, 'reason', m.reason, 'code', m.code, 'purpose', m.purpose,
      'subject', m.subject, 'address', m.address, 'template', m.template, 'template_version', m.template_version,
      'not_before', m.not_before, 'sent_at', m.sent_at, 'settled_at', m.settled_at, 'labels', m.labels,
      'case_id', m.case_id, 'findings', coalesce((select r.findings from decision_record r
        where r.message_id = m.id and m.status = 'denied' order by r.at desc, r.id desc limit 1), '[]')) as detail
   from message m where m.debtor_id = :debtor_id and ({before_message}) order by m.created_at desc limit :limit)
  union all
  (select r.at, 1, r.id::text, 'refused', 'gate', r.stage, '',
    jsonb_build_object('decision', r.decision, 'earliest_at', r.earliest_at, 'rules', r.rules, 'findings', r.findings,
      'ruleset', r.ruleset)
   from decision_record r where r.debtor_id = :debtor_id and r.message_id is null and r.decision <> 'allow'
     and ({before_at}) order by r.at desc limit :limit)
  union all
  (select r.at, 2, r.id::text, case when r.kind = 'note' then 'note' else 'case' end, r.actor, r.kind, r.note,
    r.detail || jsonb_build_object('case_id', c.id, 'reason', c.reason)
   from case_event r join cases c on c.id = r.case_id where c.debtor_id = :debtor_id and ({before_at})
   order by r.at desc limit :limit)
  union all
  (select r.at, 3, r.id::text, 'change', r.actor, r.action, r.why, r.detail || jsonb_build_object('subject', r.subject)
   from audit_entry r where r.debtor_id = :debtor_id and r.action !~ '^(case|view|message)\\.' and ({before_at})
   order by r.at desc limit :limit)
)
select e.at, e.kind, coalesce(s.name, e.actor) as who, e.actor, e.title, e.text, e.ref, e.detail
from entries e left join staff s on e.actor = 'staff:' || s.id
order by e.at desc, e.rank desc, e.ref desc limit :limit
"""


async def of_debtor(
    session: AsyncSession, *, debtor_id: int, before: datetime | None = None, limit: int = 200
) -> Sequence[Mapping[str, Any]]:
    """The newest `limit` entries before a moment, newest last.

    Each has `at`, `kind` (heard, said, refused, case, note, change), `who` (a name) and `actor`, `title` (channel,
    stage, event or action), `text` (byte for byte what was said, a note, a why), `ref` (id in its own table) and
    `detail`. A note is for colleagues: no kind but `said` ever left the house.
    """
    sql = _TIMELINE.format(
        before_message="m.created_at < :before" if before else "true", before_at="r.at < :before" if before else "true"
    )
    values = {"before": before} if before else {}
    found = await db.rows(session, sql, debtor_id=debtor_id, limit=limit, **values)
    return list(reversed(found))
