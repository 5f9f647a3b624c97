"""Replay answers the same for the same rules, notices every difference, and tells what other rules would change."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import compliance
from outreach.messages import judge, people, records
from outreach.messages.drafts import Draft
from outreach.reports import decided, replay
from outreach.reports.replay import Verdict
from outreach.settings import Settings
from tests import cast
from tests.evidence import ledger

SETTINGS = Settings(_env_file=None, company_licences="CA:10101-99")


async def _judged(
    session: AsyncSession, now: datetime, *, who: int, text: str = "", at: datetime | None = None
) -> UUID:
    """One message, judged by the gate and recorded as planned, its words on file."""
    at, message_id = at or now, uuid4()
    person = (await people.load(session, [who], now=at))[who]
    template = "" if text else "reminder"
    draft = Draft(debtor_id=who, channel="sms", purpose="campaign", template=template, text=text)
    judged = judge.judge(person, draft, now=at, settings=SETTINGS)
    if judged.rendition is not None:
        await ledger.insert(
            session, "message", id=message_id, debtor_id=who, direction="out", channel="sms", medium="sms", purpose="campaign",
            status="queued", text=judged.rendition.text, language=judged.rendition.language, created_at=at,
        )  # fmt: skip
    await records.store(session, [(message_id, judged)], stage="plan", now=at)
    return message_id


async def _verdicts(session: AsyncSession) -> list[Verdict]:
    connection = await session.connection()
    return [one.verdict async for one in replay.replay(connection, settings=SETTINGS)]


async def _tamper(session: AsyncSession, sql: str, **values: Any) -> None:
    await ledger.run(session, "alter table decision_record disable trigger insert_only")
    await ledger.run(session, f"update decision_record set {sql}", **values)


@pytest.mark.parametrize(
    ("before", "answer"),
    [
        ("select 1", "allow"),
        ("update debtor set zip = '96813', state = 'HI'", "defer"),
        ("insert into hold (debtor_id, reason, since) select id, 'attorney', created_at from debtor", "deny"),
        ("update contact_point set basis = 'none'", "deny"),
    ],
)
async def test_the_same_rules_answer_the_same(session: AsyncSession, now: datetime, before: str, answer: str) -> None:
    who = await cast.person(session, now=now)
    await ledger.run(session, before)
    await _judged(session, now, who=who)
    connection = await session.connection()
    [one] = [one async for one in replay.replay(connection, settings=SETTINGS)]
    assert (one.verdict, one.was, one.words, one.detail) == (Verdict.SAME, answer, True, "")


async def test_a_denial_for_its_words_is_reviewed_again_from_the_words_on_file(
    session: AsyncSession, now: datetime
) -> None:
    who = await cast.person(session, now=now)
    message_id = await _judged(
        session, now, who=who, text="Pay now or you will be arrested. This is from a debt collector."
    )
    assert await _verdicts(session) == [Verdict.SAME]
    await ledger.run(session, "update message set text = :text where id = :id", text=ledger.WORDS, id=message_id)
    assert await _verdicts(session) == [Verdict.DIFFERENT]


async def test_a_person_without_address_was_withheld_before_any_rule(session: AsyncSession, now: datetime) -> None:
    who = await cast.person(session, now=now)
    await ledger.run(session, "delete from contact_point")
    await _judged(session, now, who=who)
    assert await _verdicts(session) == [Verdict.NOT_ASKED]


@pytest.mark.parametrize(
    "tampering",
    [
        "decision = 'deny'",
        "earliest_at = at",
        "rules = '{TIME-01}'",
        """findings = '[{"rule": "X", "effect": "allow", "reason": "", "citation": "", "earliest_utc": null, "facts": [], "also": []}]'""",
        "facts = jsonb_set(facts, '{consumer,addresses,0,zip}', '\"96813\"')",
        "facts = '{}'",
    ],
)
async def test_a_record_that_was_changed_is_a_difference(session: AsyncSession, now: datetime, tampering: str) -> None:
    who = await cast.person(session, now=now)
    await _judged(session, now, who=who)
    await _tamper(session, tampering)
    assert await _verdicts(session) == [Verdict.DIFFERENT]


@pytest.mark.parametrize("other", ["ruleset = 'of another release'", "tz_version = '1999a'"])
async def test_other_rules_are_no_difference_but_named(session: AsyncSession, now: datetime, other: str) -> None:
    who = await cast.person(session, now=now)
    await _judged(session, now, who=who)
    await _tamper(session, other)
    assert await _verdicts(session) == [Verdict.RULES_CHANGED]


async def test_a_rehearsal_tells_what_would_change(session: AsyncSession, now: datetime) -> None:
    who = await cast.person(session, now=now)
    await _judged(session, now, who=who)
    await _tamper(
        session, "ruleset = 'of a laxer release', facts = jsonb_set(facts, '{phones,0,sms_basis,type}', '\"none\"')"
    )
    connection = await session.connection()
    [one] = [one async for one in replay.rehearse(connection, settings=SETTINGS)]
    assert (one.was, one.now) == ("allow", "deny")
    assert "CV-05" in one.detail


async def test_a_law_that_binds_later_is_rehearsed_on_past_facts(session: AsyncSession, now: datetime) -> None:
    """New York City's consent rule binds from 1 September 2026; the facts are of March."""
    who = await cast.person(session, now=now, state="NY", zip="11201")
    await _judged(session, now, who=who)
    connection = await session.connection()
    before = [one.now async for one in replay.rehearse(connection, settings=SETTINGS)]
    [after] = [one async for one in replay.rehearse(connection, settings=SETTINGS, on=date(2026, 9, 1))]
    assert before == ["allow"]
    assert (after.now, "ST-NYC-01" in after.detail) == ("deny", True)


async def test_an_explanation_gives_each_stage_its_reason_and_citation(session: AsyncSession, now: datetime) -> None:
    who = await cast.person(session, now=now)
    await ledger.run(session, "update debtor set zip = '96813', state = 'HI'")
    message_id = await _judged(session, now, who=who)
    told = decided.in_words(await decided.explained(session, message_id=message_id))
    assert "When it was planned" in told
    assert "It has to wait until" in told
    assert "12 CFR 1006.6(b)(1)(i)" in told


async def test_an_unknown_message_is_said_to_be_unknown(session: AsyncSession) -> None:
    with pytest.raises(decided.NoMessageError):
        await decided.explained(session, message_id=uuid4())


async def test_a_decision_survives_its_record(session: AsyncSession, now: datetime) -> None:
    who = await cast.person(session, now=now)
    await _judged(session, now, who=who, at=now + timedelta(hours=12))
    [row] = (await ledger.run(session, "select * from decision_record")).mappings()
    fresh = compliance.decide(compliance.read(compliance.Facts, row["facts"]))
    assert decided.decision_of(row) == fresh
    assert json.dumps(decided.decision_of(row).plain()) == json.dumps(fresh.plain())
