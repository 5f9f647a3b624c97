"""What the provider said, written down: many outcomes in one statement, then what they mean for addresses and people."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from channels.contract import Busy, FailureClass, Misconfigured, OptedOut, Refused, SendError, Sent, Unsure
from outreach import db
from outreach.accounts import service as accounts
from outreach.accounts.models import PointStatus
from outreach.messages import contacts, lanes, lull, silence
from outreach.messages.attempts import Ready
from outreach.messages.journal import Accepted

#: A person's phone or mailbox that cannot be reached now is tried this often, hours apart.
TRIES = 3
#: the gate closed before the byte: not an attempt that reached anyone
GATE = "gate"


class Outcome(msgspec.Struct, frozen=True):
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
    #: the provider is busy for everyone, not for this recipient
    throttled: bool = False
    #: the recipient's system is busy, for all its people
    system_busy: bool = False


def outcome_of(ready: Ready, answer: Sent | SendError | None) -> Outcome:
    """Provider's answer -> outcome. None: the gate closed first, nothing left."""
    match answer:
        case Sent():
            return Outcome(ready, "accepted", "accepted", provider_id=answer.provider_id)
        case None:
            return Outcome(ready, "rejected", "queued", code=GATE, retry_after=timedelta(seconds=1))
        case Busy():
            wait = max(answer.after, _patience(ready))
            return Outcome(
                ready,
                "rejected",
                "queued",
                code=answer.code,
                reason=answer.reason,
                retry_after=wait,
                throttled=answer.everyone,
                system_busy=answer.system,
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
    if failure is FailureClass.TEMP and ready.tries < TRIES:
        return timedelta(hours=4)
    if failure is FailureClass.THROTTLE:
        return _patience(ready)
    return None


def _patience(ready: Ready) -> timedelta:
    """Doubling with full jitter up to five minutes; the message's deadline is the end, not a number of tries."""
    return timedelta(seconds=random.uniform(0.5, 1.0) * min(300.0, 2.0 ** min(ready.tries, 9)))  # noqa: S311  # spreads load


_RECORD = """
with u as (
  select * from unnest(cast(:ids as uuid[]), cast(:fences as bigint[]), cast(:numbers as int[]), cast(:outcomes as text[]),
    cast(:thens as text[]), cast(:providers as text[]), cast(:codes as text[]), cast(:reasons as text[]), cast(:waits as float8[]))
    as u(id, fence, number, outcome, then_status, provider_id, code, reason, wait)
), attempts as (
  update attempt a set outcome = u.outcome, provider_id = nullif(u.provider_id, ''), code = u.code, reason = u.reason, recorded_at = :now
  from u where a.message_id = u.id and a.number = u.number and (a.outcome is null or a.outcome = 'unknown')
)
update message m set
  provider_id = coalesce(nullif(u.provider_id, ''), m.provider_id),
  sent_at = case when u.outcome in ('accepted', 'unknown') then coalesce(m.sent_at, a.started_at) else m.sent_at end,
  status = case when m.status not in ('sending', 'unknown') then m.status
    when u.then_status = 'queued' and :now + make_interval(secs => u.wait) >= m.expires_at then 'expired'
    when u.then_status = 'queued' and c.status = 'cancelled' then 'withdrawn'
    else u.then_status end,
  paused = coalesce(c.status = 'paused', false),
  not_before = case when u.then_status = 'queued' then :now + make_interval(secs => u.wait) else m.not_before end,
  code = case when m.status in ('sending', 'unknown') then u.code else m.code end,
  reason = case when m.status in ('sending', 'unknown') then u.reason else m.reason end,
  lease_until = null, checked_at = case when u.outcome = 'unknown' then :now end,
  settled_at = case when u.then_status in ('accepted', 'failed') then coalesce(m.settled_at, :now) else m.settled_at end
from u join attempt a on a.message_id = u.id and a.number = u.number
  join message o on o.id = u.id left join campaign c on c.id = o.campaign_id
where m.id = u.id and m.attempts = u.number and (m.fence = u.fence or (m.status = 'unknown' and u.outcome <> 'unknown'))
  and m.status in ('sending', 'unknown', 'accepted', 'sent', 'delivered', 'failed')
"""


async def record(engine: AsyncEngine, outcomes: Sequence[Outcome], *, lane: str, now: datetime) -> None:
    """Write outcomes in one transaction. One that comes after its lease still counts while nobody has decided otherwise."""
    if not outcomes:
        return
    async with engine.begin() as connection:
        if campaigns := sorted({o.ready.campaign_id for o in outcomes if o.then == "queued" and o.ready.campaign_id}):
            # Who pauses, resumes or cancels waits for this transaction, and sees what it put back.
            await connection.execute(
                db.text("select 1 from campaign where id = any(:ids) order by id for share"), {"ids": campaigns}
            )
        await connection.execute(db.text(_RECORD), _columns(outcomes, now))
        if left := [o.ready.message_id for o in outcomes if o.outcome in {"accepted", "unknown"}]:
            await contacts.count(connection, ids=left)
        if throttled := sum(o.throttled for o in outcomes):
            await lanes.slow_down(connection, lane=lane, share=throttled / len(outcomes))
        scoped = [o for o in outcomes if o.ready.scope]
        if scoped:
            await lull.note(
                connection,
                channel=lane.partition(":")[0],
                refusing={o.ready.scope for o in scoped if o.system_busy},
                taking={o.ready.scope for o in scoped if o.outcome == "accepted"},
                now=now,
            )
        await _consequences(connection, outcomes, lane=lane, now=now)
    await lanes.refund(engine, lane=lane, segments=sum(o.ready.segments for o in outcomes if o.code == GATE))


async def accept(engine: AsyncEngine, accepted: Sequence[Accepted], *, now: datetime) -> None:
    """Answers of a provider that their worker did not live to record."""
    count = len(accepted)
    async with engine.begin() as connection:
        await connection.execute(
            db.text(_RECORD),
            {
                "now": now,
                "ids": [a.message_id for a in accepted],
                "fences": [a.fence for a in accepted],
                "numbers": [a.number for a in accepted],
                "outcomes": ["accepted"] * count,
                "thens": ["accepted"] * count,
                "providers": [a.provider_id for a in accepted],
                "codes": [""] * count,
                "reasons": [""] * count,
                "waits": [0.0] * count,
            },
        )
        await contacts.count(connection, ids=[a.message_id for a in accepted])


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
    rare = [o for o in outcomes if o.opted_out or o.misconfigured or o.failure is not None]
    if not rare:
        return
    async with AsyncSession(connection, join_transaction_mode="create_savepoint") as session:
        for outcome in rare:
            if outcome.opted_out:
                await silence.opt_out(
                    session,
                    now=now,
                    debtor_id=outcome.ready.debtor_id,
                    medium=outcome.ready.medium,
                    via="provider",
                    actor=f"provider:{lane.partition(':')[0]}",
                    words=outcome.code,
                    message_id=outcome.ready.message_id,
                )
            if outcome.failure is FailureClass.PERM_ADDR:
                await accounts.mark_point(
                    session, now=now, address=outcome.ready.to, status=PointStatus.DEAD, actor="system:delivery"
                )
        broken = next((o for o in rare if o.misconfigured or o.failure is FailureClass.SENDER), None)
        if broken is not None:
            await lanes.stop(session, lane=lane, now=now, why=broken.reason, actor="system:delivery")
        await session.commit()
