"""What becomes of a message when news arrives in another order than it was made."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

import channels
from channels.carrier import Carrier
from channels.contract import Busy, Receipt, ReceiptState, Sent, Unsure
from outreach import db
from outreach.context import Context
from outreach.messages import gate, lanes, outbox, receipts, reconcile, sweep
from outreach.messages.attempts import Ready
from outreach.messages.drafts import Draft
from outreach.messages.prepare import prepare
from outreach.messages.record import Outcome, outcome_of, record
from tests import cast

LANE = "sms:reply"


async def attempted(context: Context, now: datetime, *, gated: bool = True, **account: object) -> Ready:
    """One reminder whose attempt is written, and through the gate unless said otherwise; nothing more."""
    async with context.session() as session:
        await lanes.ensure(session, settings=context.settings, now=now)
        who = (await cast.crowd(session, now=now, count=1))[0]
        if account:
            columns = ", ".join(f"{name} = :{name}" for name in account)
            await session.execute(sa.text(f"update account set {columns}"), account)
        draft = Draft(debtor_id=who, channel="sms", template="reminder")
        await outbox.submit(session, draft, now=now, settings=context.settings)
    claimed = await lanes.claim(context.engine, lane=LANE, now=now, most=10, lease_seconds=45)
    (ready,) = await prepare(context, lane=LANE, claimed=claimed, worker="w", now=now)
    if gated:
        async with context.session() as session:
            await session.execute(sa.text("update attempt set gated_at = clock_timestamp()"))
    return ready


async def message(context: Context) -> dict[str, object]:
    async with context.session() as session:
        found = await db.one(session, "select * from message")
    assert found is not None
    return dict(found)


def delivered(ready: Ready, state: ReceiptState = ReceiptState.DELIVERED, **more: str) -> Receipt:
    return Receipt(provider_id="SM1", state=state, event_key=f"SM1:{state}", message_id=ready.message_id, **more)


async def test_a_failure_heard_of_before_the_answer_keeps_its_code(context: Context, now: datetime) -> None:
    ready = await attempted(context, now)
    async with context.session() as session:
        await receipts.take(session, delivered(ready, ReceiptState.FAILED, code="30003"), channel="sms", now=now)
    await record(context.engine, [outcome_of(ready, Sent(provider_id="SM1"))], lane=LANE, now=now)
    found = await message(context)
    assert (found["status"], found["code"]) == ("failed", "30003")


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Sent(provider_id="SM1"), "accepted"),  # the provider's own word ends the doubt
        (Busy("later", after=timedelta(seconds=1)), "queued"),  # so does its no
        (Unsure("lost"), "unknown"),
    ],
)
async def test_an_answer_that_comes_after_its_lease_still_counts(
    context: Context, now: datetime, answer: object, status: str
) -> None:
    ready = await attempted(context, now)
    async with context.session() as session:
        await session.execute(sa.text("update message set lease_until = clock_timestamp() - interval '1 second'"))
        assert (await sweep.sweep(session, now=now))["unknown"] == 1
    await record(context.engine, [outcome_of(ready, answer)], lane=LANE, now=now)  # type: ignore[arg-type]
    assert (await message(context))["status"] == status


async def test_nothing_is_found_not_sent_while_the_process_that_may_write_it_lives(
    context: Context, now: datetime
) -> None:
    await attempted(context, now)
    async with context.session() as session:
        await session.execute(sa.text("update message set lease_until = clock_timestamp() - interval '1 second'"))
        await sweep.sweep(session, now=now)
    async with Carrier() as carrier:
        values = context.settings.values() | carrier.values | {"smtp_url": ""}
        context.channels = channels.build(values, clock=context.now)
        async with gate.Gate(context.engine, worker="w") as alive:
            await alive.hold([], now=now, opened=asyncio.get_running_loop().create_future())
            for _ in range(reconcile.CHECKS + 1):
                now += timedelta(hours=1)
                await reconcile.reconcile(context, now=now)
            assert (await message(context))["status"] == "unknown"
        await _unlocked(context)  # the server notices a moment after we hang up
        for _ in range(reconcile.CHECKS):
            assert (await message(context))["status"] == "unknown"
            now += timedelta(hours=1)
            await reconcile.reconcile(context, now=now)
        await context.channels["sms"].aclose()
    assert (await message(context))["status"] in {"queued", "expired"}


async def _unlocked(context: Context) -> None:
    for _ in range(500):
        async with context.session() as session:
            if not await session.scalar(sa.text("select count(*) from pg_locks where locktype = 'advisory'")):
                return
        await asyncio.sleep(0.02)
    raise TimeoutError


async def test_an_attempt_that_never_passed_the_gate_is_in_no_doubt(context: Context, now: datetime) -> None:
    await attempted(context, now, gated=False)
    async with context.session() as session:
        await session.execute(sa.text("update message set lease_until = clock_timestamp() - interval '1 second'"))
        assert (await sweep.sweep(session, now=now))["unsent"] == 1
        attempt = await db.one(session, "select outcome, code from attempt")
    assert (await message(context))["status"] == "queued"
    assert attempt == {"outcome": "rejected", "code": "gate"}


async def test_an_attempt_found_not_sent_was_no_first_communication(context: Context, now: datetime) -> None:
    # told about by nobody yet: the reminder is the initial communication
    ready = await attempted(
        context, now, initial_communication_at=None, validation_provided_at=None, validation_period_end=None
    )
    await record(context.engine, [Outcome(ready, "unknown", "unknown")], lane=LANE, now=now)
    first = sa.text("select initial_communication_at from account")
    async with context.session() as session:
        assert await session.scalar(first) is not None
        doubtful = {"id": ready.message_id, "attempts": ready.attempt, "started_at": now}
        assert await reconcile._not_sent(session, doubtful, now=now)
        assert await session.scalar(first) is None
    assert (await message(context))["status"] == "queued"


async def test_a_late_receipt_stops_a_second_attempt(context: Context, now: datetime) -> None:
    ready = await attempted(context, now)
    await record(context.engine, [Outcome(ready, "unknown", "unknown")], lane=LANE, now=now)
    async with context.session() as session:
        await reconcile._not_sent(
            session, {"id": ready.message_id, "attempts": ready.attempt, "started_at": now}, now=now
        )
        await receipts.take(session, delivered(ready), channel="sms", now=now)
    assert (await message(context))["status"] == "delivered"
    assert await lanes.claim(context.engine, lane=LANE, now=now, most=10, lease_seconds=45) == []


async def test_campaigns_take_turns(context: Context, now: datetime) -> None:
    async with context.session() as session:
        await lanes.ensure(session, settings=context.settings, now=now)
        for n, name in enumerate(("large", "small")):
            campaign = await session.scalar(
                sa.text("insert into campaign (name, status, created_at) values (:n, 'running', :now) returning id"),
                {"n": name, "now": now},
            )
            people = await cast.crowd(session, now=now, count=30 - 20 * n)
            drafts = [
                Draft(debtor_id=p, channel="sms", template="reminder", campaign_id=campaign, step=1) for p in people
            ]
            later = now + timedelta(seconds=n)  # the small one was planned behind the large one
            await outbox.submit_many(session, drafts, now=later, settings=context.settings)
    claimed = await lanes.claim(
        context.engine, lane="sms:campaign", now=now + timedelta(minutes=1), most=10, lease_seconds=45
    )
    assert sorted(Counter(row["campaign_id"] for row in claimed).values()) == [5, 5]


@pytest.mark.parametrize(("seconds", "sizes"), [(-1, [1, 4, 0]), (1, [4, 1, 0])], ids=["due first", "due last"])
async def test_what_a_dead_worker_held_is_claimed_alone(
    context: Context, now: datetime, seconds: int, sizes: list[int]
) -> None:
    async with context.session() as session:
        await lanes.ensure(session, settings=context.settings, now=now)
        people = await cast.crowd(session, now=now, count=5)
        drafts = [Draft(debtor_id=p, channel="sms", template="reminder") for p in people]
        await outbox.submit_many(session, drafts, now=now, settings=context.settings)
        await session.execute(
            sa.text(
                "update message set crashes = 1, not_before = not_before + make_interval(secs => :s) where debtor_id = :id"
            ),
            {"id": people[2], "s": seconds},
        )
    later = now + timedelta(seconds=2)
    claims = [await lanes.claim(context.engine, lane=LANE, now=later, most=10, lease_seconds=45) for _ in sizes]
    assert [len(claim) for claim in claims] == sizes
    assert [row["debtor_id"] for row in claims[sizes.index(1)]] == [people[2]]


async def test_a_busy_provider_is_asked_less(context: Context, now: datetime) -> None:
    ready = await attempted(context, now)
    busy = Busy("fewer", after=timedelta(seconds=1), everyone=True)
    await record(context.engine, [outcome_of(ready, busy)], lane=LANE, now=now)
    async with context.session() as session:
        lane = await db.one(session, "select pace, tokens from lane where name = :name", name=LANE)
    assert lane is not None
    assert lane["pace"] == pytest.approx(0.5)
    assert lane["tokens"] <= 0


async def test_news_of_an_attempt_is_of_that_attempt_alone(context: Context, now: datetime) -> None:
    ready = await attempted(context, now)
    async with context.session() as session:
        await session.execute(
            sa.text(
                "insert into attempt (message_id, number, worker, fence, started_at, body_hash) select message_id, 2, worker, fence + 1,"
                " started_at, body_hash from attempt"
            )
        )
        news = Receipt(
            provider_id="SM1", state=ReceiptState.SENT, event_key="SM1:sent", message_id=ready.message_id, attempt=1
        )
        await receipts.take(session, news, channel="sms", now=now)
        outcomes = await db.rows(session, "select number, outcome from attempt order by number")
    assert [(row["number"], row["outcome"]) for row in outcomes] == [(1, "accepted"), (2, None)]
