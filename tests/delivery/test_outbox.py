"""The one door out."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.context import Context
from outreach.messages import outbox, silence
from outreach.messages.drafts import Draft
from tests import cast


@pytest.mark.parametrize("channel", ["sms", "email"])
async def test_a_lawful_reminder_is_queued_with_its_decision(
    session: AsyncSession, context: Context, now: datetime, channel: str
) -> None:
    who = await cast.person(session, now=now)
    sent = await outbox.submit(
        session, Draft(debtor_id=who, channel=channel, template="reminder"), now=now, settings=context.settings
    )
    assert (sent.status, list(sent.reasons)) == ("queued", [])
    message = await db.one(session, "select * from message where id = :id", id=sent.message_id)
    record = await db.one(session, "select * from decision_record where message_id = :id", id=sent.message_id)
    assert message is not None
    assert record is not None
    assert "debt collector" in message["text"]
    assert record["decision"] == "allow"
    assert record["facts"]["message"]["channel"] == channel


async def test_at_night_it_waits_for_the_morning(session: AsyncSession, context: Context, now: datetime) -> None:
    night = now.replace(hour=5)  # 01:00 Eastern
    who = await cast.person(session, now=night)
    sent = await outbox.submit(
        session, Draft(debtor_id=who, channel="sms", template="reminder"), now=night, settings=context.settings
    )
    assert sent.decision == "defer"
    assert sent.earliest_at == night.replace(hour=12, minute=0)  # 08:00 Eastern (daylight time)


async def test_after_a_stop_it_is_denied_with_the_rule_and_other_media_stay_open(
    session: AsyncSession, context: Context, now: datetime
) -> None:
    who = await cast.person(session, now=now)
    await silence.opt_out(
        session, now=now - timedelta(hours=1), debtor_id=who, medium="sms", via="message", actor="debtor:1"
    )
    by_text, by_mail = await outbox.submit_many(
        session,
        [Draft(debtor_id=who, channel=c, template="reminder") for c in ("sms", "email")],
        now=now,
        settings=context.settings,
    )
    assert (by_text.status, by_text.code) == ("denied", "OPT-02")
    assert by_mail.status == "queued"


async def test_a_stop_from_a_shared_number_binds_whoever_has_it_until_it_is_taken_back(
    session: AsyncSession, context: Context, now: datetime
) -> None:
    who = await cast.person(session, now=now, n=1)
    beside = await cast.debtor(session, now=now, ref="beside")
    creditor_id = await cast.creditor(session, now=now, name="Other")
    await cast.account(session, now=now, debtor_id=beside, creditor_id=creditor_id)
    await cast.phone(session, now=now, debtor_id=beside, address="+16145550001")
    both = [Draft(debtor_id=each, channel="sms", template="reminder") for each in (who, beside)]
    said = {"debtor_id": beside, "medium": "sms", "via": "message", "actor": "debtor:2"}
    await silence.opt_out(session, now=now - timedelta(hours=2), address="+16145550001", **said)
    stopped = await outbox.submit_many(session, both, now=now, settings=context.settings)
    assert [(sent.status, sent.code) for sent in stopped] == [("denied", "OPT-02")] * 2
    await silence.opt_in(session, now=now - timedelta(hours=1), **said)
    again = await outbox.submit_many(session, both, now=now, settings=context.settings)
    assert [sent.status for sent in again] == ["queued", "queued"]


@pytest.mark.parametrize("channel", ["sms", "email"])
@pytest.mark.parametrize("language", ["en", "es"])
async def test_in_the_district_every_message_says_how_to_reach_us(
    session: AsyncSession, context: Context, now: datetime, channel: str, language: str
) -> None:
    agreed = {"written_notice_mailed_at": "2020-01-05T15:00:00Z", "express_consent_at": "2020-01-20T15:00:00Z"}
    lives = {"state": "DC", "zip": "20001", "language": language}
    who = await cast.person(session, now=now, **lives)
    facts = {"facts": json.dumps({"dc": agreed}), "who": who}
    await session.execute(sa.text("update debtor set law_facts = cast(:facts as jsonb) where id = :who"), facts)
    sent = await outbox.submit(
        session, Draft(debtor_id=who, channel=channel, template="reminder"), now=now, settings=context.settings
    )
    assert (sent.status, list(sent.reasons)) == ("queued", [])
    text = await session.scalar(sa.text("select text from message where id = :id"), {"id": sent.message_id})
    settings = context.settings
    for ours in (settings.company_name, settings.company_address, settings.company_phone, settings.company_email):
        assert ours in text


async def test_what_is_queued_is_withdrawn_when_the_person_is_silenced(
    session: AsyncSession, context: Context, now: datetime
) -> None:
    who = await cast.person(session, now=now)
    sent = await outbox.submit(
        session, Draft(debtor_id=who, channel="sms", template="reminder"), now=now, settings=context.settings
    )
    await silence.hold(session, now=now, debtor_id=who, reason="attorney", actor="debtor:1")
    status = await session.scalar(sa.text("select status from message where id = :id"), {"id": sent.message_id})
    assert status == "withdrawn"


async def test_without_an_address_it_says_so(session: AsyncSession, context: Context, now: datetime) -> None:
    owner = await cast.creditor(session, now=now)
    who = await cast.debtor(session, now=now)
    await cast.account(session, now=now, debtor_id=who, creditor_id=owner)
    sent = await outbox.submit(
        session, Draft(debtor_id=who, channel="sms", template="reminder"), now=now, settings=context.settings
    )
    assert (sent.status, sent.code) == ("denied", "ADDRESS")
    assert "mobile number" in sent.reason


async def test_a_creditors_own_debtors_sleep_undisturbed_too(
    session: AsyncSession, context: Context, now: datetime
) -> None:
    """Federal hours bind collectors; the house keeps them for everybody."""
    night = now.replace(hour=5)
    owner = await cast.creditor(session, now=night, name="Redwood Telecom", relationship="first_party")
    who = await cast.person(session, now=night, creditor_id=owner)
    sent = await outbox.submit(
        session, Draft(debtor_id=who, channel="sms", template="reminder"), now=night, settings=context.settings
    )
    assert (sent.decision, sent.code) == ("defer", "TIME-01")
    assert "debt collector" not in sent.text
