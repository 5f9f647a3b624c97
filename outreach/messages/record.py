"""What the provider said, written down: all outcomes of a wave in one statement, then what they mean for addresses and people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from channels.contract import Busy, FailureClass, Misconfigured, OptedOut, Refused, SendError, Sent, Unsure
from outreach.accounts import service as accounts
from outreach.accounts.models import PointStatus
from outreach.messages import lanes, silence
from outreach.messages.prepare import Ready

#: A relay's or carrier's "later" is tried this often, inside the window and before expiry.
TRIES = 8
#: the gate closed before the byte: not an attempt that reached anyone
GATE = "gate"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One attempt's end. `then` is the message's next status."""

    ready: Ready
    #: accepted | rejected | unknown
    outcome: str
    then: str
    provider_id: str = ""
    code: str = ""
    reason: str = ""
    retry_after: timedelta | None = None
    failure: FailureClass | None = None
    opted_out: bool = False
    misconfigured: bool = False


def outcome_of(ready: Ready, answer: Sent | SendError | None) -> Outcome:
    """Provider's answer -> outcome. None: the gate closed first, nothing left."""
    match answer:
        case Sent():
            return Outcome(ready, "accepted", "accepted", provider_id=answer.provider_id)
        case None:
            return Outcome(ready, "rejected", "queued", code=GATE, retry_after=timedelta(seconds=1))
        case Busy() if ready.attempt < TRIES:
            return Outcome(
                ready, "rejected", "queued", code=answer.code, reason=answer.reason, retry_after=answer.after
            )
        case Busy():
            return Outcome(
                ready, "rejected", "failed", code=answer.code, reason=f"given up after {TRIES} tries: {answer.reason}"
            )
        case OptedOut():
            return Outcome(ready, "rejected", "failed", code=answer.code, reason=answer.reason, opted_out=True)
        case Refused():
            again = _retry(ready, answer.failure)
            then = "queued" if again else "failed"
            return Outcome(
                ready,
                "rejected",
                then,
                code=answer.code,
                reason=answer.reason,
                retry_after=again,
                failure=answer.failure,
            )
        case Misconfigured():
            # Nothing is lost: the message waits, the lane stops until someone mends it.
            wait = timedelta(minutes=1)
            return Outcome(
                ready,
                "rejected",
                "queued",
                code=answer.code,
                reason=answer.reason,
                retry_after=wait,
                misconfigured=True,
            )
        case Unsure():
            return Outcome(ready, "unknown", "unknown", code=answer.code, reason=answer.reason)
        case _:
            return Outcome(ready, "unknown", "unknown", reason=str(answer))


def _retry(ready: Ready, failure: FailureClass) -> timedelta | None:
    if failure is FailureClass.TEMP and ready.attempt < 3:
        return timedelta(hours=4)
    if failure is FailureClass.THROTTLE and ready.attempt < TRIES:
        return timedelta(seconds=min(60, 2**ready.attempt))
    return None


_RECORD = """
with u as (
  select * from unnest(cast(:ids as uuid[]), cast(:fences as bigint[]), cast(:numbers as int[]), cast(:outcomes as text[]),
    cast(:thens as text[]), cast(:providers as text[]), cast(:codes as text[]), cast(:reasons as text[]), cast(:waits as float8[]))
    as u(id, fence, number, outcome, then_status, provider_id, code, reason, wait)
), attempts as (
  update attempt a set outcome = u.outcome, provider_id = nullif(u.provider_id, ''), code = u.code, reason = u.reason, recorded_at = :now
  from u where a.message_id = u.id and a.number = u.number and a.outcome is null
)
update message m set
  provider_id = coalesce(nullif(u.provider_id, ''), m.provider_id),
  sent_at = case when u.outcome in ('accepted', 'unknown') then coalesce(m.sent_at, a.started_at) else m.sent_at end,
  status = case when m.status <> 'sending' then m.status
    when u.then_status = 'queued' and :now + make_interval(secs => u.wait) >= m.expires_at then 'expired'
    when u.then_status = 'queued' and c.status = 'cancelled' then 'withdrawn'
    else u.then_status end,
  paused = coalesce(c.status = 'paused', false),
  not_before = case when u.then_status = 'queued' then :now + make_interval(secs => u.wait) else m.not_before end,
  code = u.code, reason = u.reason, lease_until = null, checked_at = case when u.outcome = 'unknown' then :now end,
  settled_at = case when u.then_status in ('accepted', 'failed') then :now else m.settled_at end
from u join attempt a on a.message_id = u.id and a.number = u.number
  join message o on o.id = u.id left join campaign c on c.id = o.campaign_id
where m.id = u.id and m.fence = u.fence and m.status in ('sending', 'accepted', 'sent', 'delivered', 'failed')
"""
_FIRST_CONTACT = """
update account set initial_communication_at = :now where id = any(:ids) and initial_communication_at is null
"""


async def record(engine: AsyncEngine, outcomes: Sequence[Outcome], *, lane: str, now: datetime) -> None:
    """Write a wave's outcomes in one transaction. An outcome whose fence is old changes nothing."""
    if not outcomes:
        return
    async with engine.begin() as connection:
        await connection.execute(sa.text(_RECORD), _columns(outcomes, now))
        left = [o.ready for o in outcomes if o.outcome in {"accepted", "unknown"}]
        touched = sorted(
            {a for r in left for a in r.account_ids if r.purpose not in {"opt_out_confirmation", "sign_in_code"}}
        )
        if touched:
            await connection.execute(sa.text(_FIRST_CONTACT), {"ids": touched, "now": now})
        if left:
            await connection.execute(
                sa.text("update thread set last_out_at = greatest(last_out_at, :now) where debtor_id = any(:ids)"),
                {"now": now, "ids": sorted({r.debtor_id for r in left})},
            )
        unused = sum(o.ready.segments for o in outcomes if o.code == GATE)
        await lanes.refund(connection, lane=lane, segments=unused)
        await _consequences(connection, outcomes, lane=lane, now=now)


def _columns(outcomes: Sequence[Outcome], now: datetime) -> dict[str, object]:
    return {
        "now": now,
        "ids": [o.ready.message_id for o in outcomes],
        "fences": [o.ready.fence for o in outcomes],
        "numbers": [o.ready.attempt for o in outcomes],
        "outcomes": [o.outcome for o in outcomes],
        "thens": [o.then for o in outcomes],
        "providers": [o.provider_id for o in outcomes],
        "codes": [o.code for o in outcomes],
        "reasons": [o.reason for o in outcomes],
        "waits": [o.retry_after.total_seconds() if o.retry_after else 0.0 for o in outcomes],
    }


async def _consequences(connection: AsyncConnection, outcomes: Sequence[Outcome], *, lane: str, now: datetime) -> None:
    """Rare ones, one by one: an opt-out the provider knows of, a dead address, wrong credentials."""
    async with AsyncSession(connection, join_transaction_mode="create_savepoint") as session:
        for outcome in outcomes:
            if outcome.opted_out:
                await silence.opt_out(
                    session,
                    now=now,
                    debtor_id=outcome.ready.debtor_id,
                    medium=lane.partition(":")[0],
                    via="provider",
                    actor=f"provider:{lane.partition(':')[0]}",
                    words=outcome.code,
                    message_id=outcome.ready.message_id,
                )
            if outcome.failure is FailureClass.PERM_ADDR:
                await accounts.mark_point(session, now=now, address=outcome.ready.to, status=PointStatus.DEAD)
        broken = next((o for o in outcomes if o.misconfigured or o.failure is FailureClass.SENDER), None)
        if broken is not None:
            await lanes.stop(session, lane=lane, now=now, why=broken.reason, actor="system:delivery")
        await session.commit()
