"""What a claim costs behind a queue of messages that are not due: 1,000 of them and 100,000."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from benchmarks.stage import NOW, Stage, stage
from outreach.messages import lanes

_FUTURE = """
insert into message (id, debtor_id, direction, channel, medium, purpose, status, lane, priority, not_before, expires_at, created_at,
  campaign_id, step)
select gen_random_uuid(), :debtor, 'out', 'sms', 'sms', 'campaign', 'queued', 'sms:campaign', 9, :due, :due + interval '1 day', :now,
  :campaign, n from generate_series(cast(:first as int), cast(:last as int)) n
"""


async def measure(*, rows: int) -> dict[str, Any]:
    async with stage(latency_ms=0) as here:
        async with here.context.session() as session:
            await lanes.ensure(session, settings=here.context.settings, now=NOW)
        debtor, campaign = (await here.crowd(1))[0], await here.campaign()
        few = await _after(here, debtor, campaign, 1, 1000)
        many = await _after(here, debtor, campaign, 1001, rows)
        return {"behind 1,000 ms": round(few, 2), f"behind {rows:,} ms": round(many, 2), "ratio": round(many / few, 2)}


async def _after(here: Stage, debtor: int, campaign: int, first: int, last: int) -> float:
    async with here.context.session() as session:
        await session.execute(
            sa.text(_FUTURE),
            {
                "debtor": debtor,
                "campaign": campaign,
                "first": first,
                "last": last,
                "now": NOW,
                "due": NOW + timedelta(days=1),
            },
        )
        await session.execute(sa.text("analyze message"))
    times = []
    for _ in range(200):
        began = time.perf_counter()
        await lanes.claim(here.context.engine, lane="sms:campaign", now=NOW, most=50, lease_seconds=45)
        times.append(time.perf_counter() - began)
    return min(times) * 1000  # the others measure who else uses this machine
