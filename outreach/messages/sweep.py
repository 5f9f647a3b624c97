"""What time does to messages: leases end, deadlines pass. Set by set, on the database's own clock for leases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.messages import lanes
from outreach.messages.states import CONVEYS

#: A claim without an attempt: no byte left, so it may be claimed again.
_UNCLAIM = """
update message set status = case when crashes + 1 >= :most then 'parked' else 'queued' end, crashes = crashes + 1,
  fence = fence + 1, lease_until = null,
  reason = case when crashes + 1 >= :most then 'its worker died three times; a person must look' else '' end
where status = 'claimed' and lease_until < clock_timestamp()
"""
#: An attempt that never passed the gate: no byte left either. The gate changes the same row under the opposite condition.
_UNSENT = """
with unsent as (
  update attempt a set outcome = 'rejected', code = 'gate', reason = 'its worker ended before the gate', recorded_at = :now
  from message m where m.id = a.message_id and m.attempts = a.number and m.status = 'sending'
    and m.lease_until < clock_timestamp() and a.gated_at is null and a.outcome is null
  returning a.message_id, a.number
)
update message m set status = case when c.status = 'cancelled' then 'withdrawn' else 'queued' end,
  paused = coalesce(c.status = 'paused', false), fence = m.fence + 1, lease_until = null
from unsent join message o on o.id = unsent.message_id left join campaign c on c.id = o.campaign_id
where m.id = unsent.message_id and m.attempts = unsent.number and m.status = 'sending'
"""
#: An attempt without an end: nobody knows. The new fence stops a worker that wakes up later.
_UNKNOWN = f"""
with lost as (
  update message m set status = 'unknown', fence = m.fence + 1, lease_until = null, checked_at = :now, checks = 0,
    sent_at = coalesce(m.sent_at, a.started_at), reason = 'the worker ended before the provider answered'
  from attempt a where a.message_id = m.id and a.number = m.attempts
    and m.status = 'sending' and m.lease_until < clock_timestamp() and a.gated_at is not null
  returning m.id, m.attempts, m.account_ids, m.purpose, m.content, a.started_at
), told as (
  update account set initial_communication_at = l.started_at
  from (select started_at, unnest(account_ids) as account_id from lost where {CONVEYS}) l
  where account.id = l.account_id and account.initial_communication_at is null
)
update attempt a set outcome = 'unknown', code = 'lease', reason = 'lease ended', recorded_at = :now
from lost where a.message_id = lost.id and a.number = lost.attempts and a.outcome is null
"""
_EXPIRE = """
update message set status = 'expired', reason = 'too late to matter', settled_at = :now
where status = 'queued' and not paused and expires_at <= :now
"""


async def sweep(session: AsyncSession, *, now: datetime) -> dict[str, int]:
    """Return claims and attempts that never left, mark the others unknown, expire what is late; how many of each."""
    return {
        "unclaimed": await db.change(session, _UNCLAIM, most=lanes.CRASHES),
        "unsent": await db.change(session, _UNSENT, now=now),
        "unknown": await db.change(session, _UNKNOWN, now=now),
        "expired": await db.change(session, _EXPIRE, now=now),
    }
