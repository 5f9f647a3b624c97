"""A campaign that annoys people or reaches nobody stops itself, and says why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.campaigns import service
from outreach.campaigns.definition import validate

#: The newest sends that are looked at, and how many there must be: one STOP among five says nothing.
NEWEST = 500
LEAST = 200

_RATES = """
select c.id, c.name, c.definition, count(*) as sent, count(*) filter (where m.status = 'failed') as failed,
  count(*) filter (where exists (select 1 from consent s where s.debtor_id = m.debtor_id and s.kind = 'refusal'
    and s.at >= m.sent_at)) as opted_out
from campaign c cross join lateral (
  select status, debtor_id, sent_at from message where campaign_id = c.id and sent_at is not null
    and status in ('accepted', 'sent', 'delivered', 'failed') order by sent_at desc limit :newest) m
where c.status = 'running' group by c.id having count(*) >= :least
"""


async def apply(session: AsyncSession, *, now: datetime) -> list[str]:
    """Pause running campaigns over their limits; returns their names."""
    stopped = []
    for row in await db.rows(session, _RATES, newest=NEWEST, least=LEAST):
        limits = validate(row["definition"]).pause_when
        for count, limit, what in (
            (row["opted_out"], limits.opt_out_percent, "opted out"),
            (row["failed"], limits.failure_percent, "failed"),
        ):
            if 100 * count > limit * row["sent"]:
                why = f"{count} of the last {row['sent']} {what}, more than {limit:g} %."
                if await service.pause_itself(session, row["id"], now=now, actor="system:brake", why=why):
                    stopped.append(row["name"])
                break
    return stopped
