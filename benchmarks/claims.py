"""What a claim costs behind a long queue beside a short one: of messages that are not due, and of messages that are."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from benchmarks.stage import NOW, Stage, stage
from outreach import db
from outreach.messages import lanes

FEW = 10_000
MOST = 50
ROUNDS = 100
LATER = NOW + timedelta(days=1)
_FUTURE = """
insert into message (id, debtor_id, direction, channel, medium, purpose, status, lane, priority, not_before, expires_at, created_at,
  campaign_id, step)
select gen_random_uuid(), :debtor, 'out', 'sms', 'sms', 'campaign', 'queued', 'sms:campaign', 9, :due, :due + interval '1 day', :now,
  :campaign, n from generate_series(cast(:first as int), cast(:last as int)) n
"""


async def measure(*, rows: int) -> dict[str, Any]:
    async with stage(latency_ms=0) as here:
        here.context.engine = db.engine(
            here.context.engine.url.render_as_string(hide_password=False), planned_once=True
        )
        async with here.context.session() as session:
            await lanes.ensure(session, settings=here.context.settings, now=NOW)
        debtor, campaign = (await here.crowd(1))[0], await here.campaign()
        waiting = [
            await _after(here, debtor, campaign, first, last, due=LATER) for first, last in ((1, FEW), (FEW + 1, rows))
        ]
        backlog = [
            await _after(here, debtor, campaign, rows + first, rows + last, due=NOW)
            for first, last in ((1, FEW), (FEW + 1, rows))
        ]
        return {
            f"nothing due behind {FEW:,} ms": round(waiting[0], 2),
            f"nothing due behind {rows:,} ms": round(waiting[1], 2),
            "ratio": round(waiting[1] / waiting[0], 2),
            f"{MOST} of {FEW:,} due ms": round(backlog[0], 2),
            f"{MOST} of {rows:,} due ms": round(backlog[1], 2),
            "ratio of due": round(backlog[1] / backlog[0], 2),
        }


async def _after(here: Stage, debtor: int, campaign: int, first: int, last: int, *, due: datetime) -> float:
    async with here.context.session() as session:
        await session.execute(
            sa.text(_FUTURE),
            {"debtor": debtor, "campaign": campaign, "first": first, "last": last, "now": NOW, "due": due},
        )
    async with here.context.engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(sa.text("vacuum analyze message"))
        await connection.execute(sa.text("checkpoint"))
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await lanes.claim(here.context.engine, lane="sms:campaign", now=NOW, most=MOST, lease_seconds=45)
        times.append(time.perf_counter() - began)
    return sorted(times)[ROUNDS // 4] * 1000  # the slower ones measure who else uses this machine
