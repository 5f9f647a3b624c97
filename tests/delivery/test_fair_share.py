"""Within a lane creditors take turns: a long campaign of one is no wait for another's short one."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from outreach.context import Context
from outreach.messages import lanes
from tests import cast

_QUEUE = """
insert into message (id, debtor_id, direction, channel, medium, purpose, status, lane, not_before, expires_at, created_at,
  campaign_id, step)
select gen_random_uuid(), :debtor, 'out', 'sms', 'sms', 'campaign', 'queued', 'sms:campaign', :due, :due + interval '1 day', :due,
  :campaign, n from generate_series(1, cast(:count as int)) n
"""


async def claimed(context: Context, now: datetime, most: int, *queued: tuple[str | None, int]) -> list[int]:
    """How many of the first `most` messages are of each campaign, given its creditor and length; the first were planned first."""
    context.settings.sms_segments_per_second = 1000
    async with context.session() as session:
        await lanes.ensure(session, settings=context.settings, now=now)
        who = await cast.person(session, now=now)
        campaigns = []
        for n, (creditor, count) in enumerate(queued):
            definition = json.dumps({"audience": {"creditor": creditor} if creditor else {}})
            campaigns.append(
                await session.scalar(
                    sa.text(
                        "insert into campaign (name, status, definition, created_at)"
                        " values (:name, 'running', cast(:definition as jsonb), :now) returning id"
                    ),
                    {"name": f"c{n}", "definition": definition, "now": now},
                )
            )
            due = now - timedelta(minutes=len(queued) - n)
            values = {"debtor": who, "campaign": campaigns[-1], "count": count, "due": due}
            await session.execute(sa.text(_QUEUE), values)
    rows = await lanes.claim(context.engine, lane="sms:campaign", now=now, most=most, lease_seconds=45)
    found = Counter(row["campaign_id"] for row in rows)
    return [found[campaign] for campaign in campaigns]


@pytest.mark.parametrize("count", [100, 20_000])
async def test_a_short_campaign_does_not_wait_behind_a_long_one(context: Context, now: datetime, count: int) -> None:
    assert await claimed(context, now, 100, ("Fairview", count), ("Redwood", 50)) == [50, 50]


async def test_a_creditor_with_many_campaigns_has_no_larger_share(context: Context, now: datetime) -> None:
    shares = await claimed(context, now, 90, ("Fairview", 200), ("fairview", 200), ("Fairview", 200), ("Redwood", 45))
    assert shares == [15, 15, 15, 45]


async def test_what_one_leaves_the_others_take(context: Context, now: datetime) -> None:
    assert await claimed(context, now, 90, ("Fairview", 200), ("Redwood", 5), (None, 10)) == [75, 5, 10]
