"""The newest word of a person counts, however often, late or roundabout the older ones arrive."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from channels.contract import Inbound
from outreach import app, db, tokens
from outreach.accounts import service as accounts
from outreach.consents import service as consents
from outreach.context import Context
from outreach.conversations import answer, engine, receive
from outreach.messages import outbox, silence
from outreach.web import unsubscribe
from tests import cast

app.load_jobs()
NUMBER = "+16145550001"


@pytest.fixture
async def dana(context: Context, now: datetime) -> int:
    async with context.session() as session:
        return await cast.person(session, now=now)


async def _hear(context: Context, text: str, *, at: datetime, sender: str = NUMBER, **more: str) -> None:
    words = Inbound(provider_id=more.pop("provider_id", text), sender=sender, to="+16145550199", text=text, **more)
    async with context.session() as session:
        channel = "email" if "@" in sender else "sms"
        await receive(session, words, context=context, channel=channel, now=at)


async def _refused(context: Context, debtor_id: int, medium: str = "sms") -> bool:
    async with context.session() as session:
        return await consents.refused_at(session, debtor_id=debtor_id, medium=medium) is not None


async def test_an_old_stop_heard_again_does_not_undo_a_start(context: Context, dana: int, now: datetime) -> None:
    await _hear(context, "STOP", at=now)
    assert await _refused(context, dana)
    await _hear(context, "START", at=now + timedelta(minutes=5))
    assert not await _refused(context, dana)
    await _hear(context, "STOP", at=now + timedelta(hours=1))  # the provider's log, asked again: the same message
    assert not await _refused(context, dana)


async def test_a_text_that_gave_its_number_away_is_kept_once(context: Context, dana: int, now: datetime) -> None:
    for minute in range(2):  # after the first, nobody we know has this number
        await _hear(context, "Wrong number, I am not Dana", at=now + timedelta(minutes=minute))
    async with context.session() as session:
        kept = await db.rows(
            session,
            "select provider_id from message where direction = 'in' union all select provider_id from unrouted_inbound",
        )
        assert [row["provider_id"] for row in kept] == ["Wrong number, I am not Dana"]
        assert (
            await db.rows(session, "select 1 from contact_point where status = 'active' and address = :n", n=NUMBER)
            == []
        )


async def test_a_start_answered_late_does_not_undo_a_stop_said_since(
    context: Context, dana: int, now: datetime
) -> None:
    context.dialog = engine.load(context.settings)
    await _hear(context, "STOP", at=now)
    await answer.answer(context, debtor_id=dana)
    await _hear(context, "START", at=now + timedelta(minutes=5))
    async with context.session() as session:
        later = now + timedelta(minutes=9)
        await silence.opt_out(session, now=later, debtor_id=dana, medium="sms", via="portal", actor=f"debtor:{dana}")
    await answer.answer(context, debtor_id=dana)
    assert await _refused(context, dana)


async def test_a_start_is_recorded_once(context: Context, dana: int, now: datetime) -> None:
    context.dialog = engine.load(context.settings)
    for minute, text in enumerate(("STOP", "START")):
        await _hear(context, text, at=now + timedelta(minutes=minute))
        await answer.answer(context, debtor_id=dana)
    async with context.session() as session:
        assert await db.rows(session, "select kind from consent where kind = 'grant'") == [{"kind": "grant"}]


async def test_an_unsubscribe_mail_from_an_alias_stops_the_one_who_was_written_to(
    context: Context, session: AsyncSession, dana: int, now: datetime
) -> None:
    sent = await _sent(context, dana, now=now)
    token = outbox.message_token(context.key, unsubscribe.PURPOSE, sent)
    await _hear(context, "unsubscribe", at=now, sender="alias@elsewhere.example", token=token, opt_out_type="STOP")
    assert await _refused(context, dana, "email")


async def test_one_click_stops_again_after_a_new_yes(context: Context, dana: int, now: datetime) -> None:
    sent = await _sent(context, dana, now=now)
    message = {"id": sent, "debtor_id": dana, "medium": "email", "address": "person1@mail.example"}
    for _ in range(2):
        async with context.session() as session:
            await unsubscribe.apply(context, session, message, "medium")
    async with context.session() as session:
        assert len(await db.rows(session, "select 1 as one from consent")) == 1
        await silence.opt_in(
            session, now=context.now(), debtor_id=dana, medium="email", via="portal", actor=f"debtor:{dana}"
        )
    async with context.session() as session:
        await unsubscribe.apply(context, session, message, "medium")
    assert await _refused(context, dana, "email")


async def test_a_hold_with_an_end_can_be_released_before_it(session: AsyncSession, now: datetime) -> None:
    dana = await cast.person(session, now=now)
    hold = {"debtor_id": dana, "reason": "hardship", "actor": "staff:1"}
    await silence.hold(session, now=now, until=now + timedelta(days=30), **hold)  # type: ignore[arg-type]
    after = now + timedelta(hours=1)
    assert await accounts.release_holds(session, now=after, debtor_id=dana, reason="hardship") == 1
    assert await accounts.release_holds(session, now=after, debtor_id=dana, reason="hardship") == 0


async def _sent(context: Context, debtor_id: int, *, now: datetime) -> UUID:
    message_id = tokens.new_id()
    async with context.session() as session:
        await db.change(
            session,
            "insert into message (id, debtor_id, direction, channel, medium, purpose, status, address, text, created_at)"
            " values (:id, :debtor, 'out', 'email', 'email', 'campaign', 'delivered', 'person1@mail.example', 'Hi', :now)",
            id=message_id,
            debtor=debtor_id,
            now=now,
        )
    return message_id


async def test_whoever_names_a_lawyer_is_no_stranger(context: Context, dana: int, now: datetime) -> None:
    context.dialog = engine.load(context.settings)
    await _hear(context, "talk to my attorney Ana Ruiz, not me", at=now)
    await answer.answer(context, debtor_id=dana)
    async with context.session() as session:
        points = await db.rows(session, "select distinct status from contact_point where address = :a", a=NUMBER)
        holds = await db.rows(session, "select reason from hold where debtor_id = :d", d=dana)
    assert points == [{"status": "current"}]
    assert holds == [{"reason": "attorney"}]
