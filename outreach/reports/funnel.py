"""From a campaign's people to what became of them. No open rate: nobody is watched reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db

_FUNNEL = """
with reached as (
  select debtor_id, min(coalesce(sent_at, created_at)) as at, bool_or(status = 'delivered') as delivered
  from message where campaign_id = :id and direction = 'out'
    and status in ('sending', 'unknown', 'accepted', 'sent', 'delivered', 'failed') group by debtor_id
)
select (select count(*) from enrollment where campaign_id = :id) as people,
  count(*) as contacted,
  count(*) filter (where r.delivered) as delivered,
  count(*) filter (where exists (select 1 from message m where m.debtor_id = r.debtor_id and m.direction = 'in'
                                 and m.created_at > r.at)) as answered,
  count(*) filter (where exists (select 1 from plan p where p.debtor_id = r.debtor_id and p.agreed_at > r.at)) as agreed,
  count(*) filter (where exists (select 1 from payment p where p.debtor_id = r.debtor_id and p.amount_cents > 0
                                 and p.paid_at > r.at)) as paid,
  count(*) filter (where exists (select 1 from consent k where k.debtor_id = r.debtor_id and k.kind = 'refusal'
                                 and k.at > r.at)) as stopped
from reached r
"""


async def funnel(session: AsyncSession, *, campaign_id: int) -> Mapping[str, int]:
    """People enrolled, contacted, delivered to, who then answered, agreed a plan, paid, or said stop."""
    found: Mapping[str, Any] | None = await db.one(session, _FUNNEL, id=campaign_id)
    return dict(found or {})
