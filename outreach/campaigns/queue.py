"""The queue follows a campaign's status, in batches that commit. Delivery's gate does not wait for this."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from outreach.campaigns.models import CampaignStatus

#: Rows of the queue marked at once.
BATCH = 10_000
#: status -> (what becomes of queued rows, which of them)
_MARKS = {
    CampaignStatus.PAUSED: ("paused = true", "status = 'queued' and not paused"),
    CampaignStatus.RUNNING: (
        "paused = false, expires_at = greatest(expires_at, :now + interval '24 hours')",
        "status = 'queued' and paused",
    ),
    CampaignStatus.CANCELLED: (
        "status = 'withdrawn', reason = 'The campaign was cancelled.', code = 'cancelled', settled_at = :now,"
        " lease_until = null",
        "status in ('queued', 'claimed')",
    ),
}
_STOP_ENROLLMENTS = (
    "update enrollment set status = 'stopped', excluded = 'cancelled', ended_at = :now, next_at = null"
    " where campaign_id = :id and status = 'waiting'"
)


async def mark(engine: AsyncEngine, campaign_id: int, *, now: datetime) -> int:
    """Bring the queue in line with the campaign's status, in batches that commit; returns rows marked. Repeatable.

    A message that waited through a pause gets another day before it is too late to matter.
    """
    marked = 0
    while True:
        async with engine.begin() as connection:
            status = await connection.scalar(
                sa.text("select status from campaign where id = :id for share"), {"id": campaign_id}
            )
            if status not in _MARKS:
                return marked
            if status == CampaignStatus.CANCELLED:
                await connection.execute(sa.text(_STOP_ENROLLMENTS), {"id": campaign_id, "now": now})
            change, which = _MARKS[CampaignStatus(status)]
            statement = (
                f"update message set {change} where id in (select id from message where campaign_id = :id"
                f" and direction = 'out' and {which} limit :limit for update skip locked)"
            )
            values = {"id": campaign_id, "limit": BATCH} | ({"now": now} if ":now" in change else {})
            batch = await connection.execute(sa.text(statement), values)
        marked += batch.rowcount
        if batch.rowcount < BATCH:
            return marked
