"""What arrives for a dispute's electronic answer: its delivery ends the freeze, its bounce begins it again."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.context import Context
from outreach.disputes import answers
from scheduler import every, job

#: A mail server that took a mail says no more: a day without a bounce counts as arrival. A later bounce freezes again.
QUIET = timedelta(days=1)
#: bounces are watched for so long (the reasonable period of 12 CFR 1006.30(a), comment 2)
WATCH = timedelta(days=14)
ACTOR = "system:disputes"

_SENT = """
select x.id, x.status, m.status as message, m.reason, m.sent_at from dispute x
join message m on m.id = cast(x.answer ->> 'message_id' as uuid)
where x.answered_at > :since and x.answer_method in ('email', 'portal') and x.status <> 'upheld'
  and m.status in ('accepted', 'sent', 'delivered', 'failed', 'denied', 'expired', 'withdrawn')
"""


@every(seconds=60)
@job(name="disputes.watch")
async def watch(context: Context) -> None:
    """Follow the answers on their way."""
    async with context.session() as session:
        await settle(session, now=context.now())


async def settle(session: AsyncSession, *, now: datetime) -> int:
    """End or renew the freeze of every dispute whose answer's fate is known; returns how many changed."""
    changed = 0
    for row in await db.rows(session, _SENT, since=now - WATCH):
        waiting = row["status"] in ("open", "duplicate")
        if row["message"] in ("failed", "denied", "expired", "withdrawn"):
            why = row["reason"] or row["message"]
            await answers.undeliverable(session, now=now, dispute_id=row["id"], actor=ACTOR, why=why)
            changed += 1
        elif waiting and (row["message"] == "delivered" or row["sent_at"] < now - QUIET):
            await answers.delivered(session, now=now, dispute_id=row["id"], actor=ACTOR)
            changed += 1
    return changed
