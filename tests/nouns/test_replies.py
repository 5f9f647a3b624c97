"""A colleague's reply: through the gate, after what was last said, never past something unread."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.cases import claims, queries, record, replies, service
from outreach.context import Context
from outreach.settings import Settings
from tests.nouns import cast


async def _claimed(session: AsyncSession, now: Any) -> tuple[int, int, int]:
    """A case Ana has claimed, of a debtor who wrote a text and may be answered there."""
    ana = await cast.colleague(session, now=now)
    account_id = await cast.account(session, now=now)
    debtor_id = await cast.debtor(session, now=now)
    await cast.reachable(session, now=now, debtor_id=debtor_id)
    await cast.heard(session, now=now, debtor_id=debtor_id, text="Can I talk to someone?")
    case = await service.open(
        session, now=now, debtor_id=debtor_id, account_id=account_id, reason="ask_human", actor="system:test"
    )
    await claims.claim(session, now=now, case_id=case.id, staff_id=ana)
    return case.id, ana, debtor_id


async def _seen(session: AsyncSession, case_id: int) -> int:
    found = await queries.case(session, case_id=case_id)
    assert found is not None
    return int(found["seen"])


async def _reply(
    session: AsyncSession, settings: Settings, now: Any, case_id: int, staff_id: int, **values: Any
) -> Any:
    said = {"text": "Yes, this is Ana.", "seen": await _seen(session, case_id), **values}
    return await replies.reply(session, now=now, settings=settings, case_id=case_id, staff_id=staff_id, **said)


async def test_a_reply_goes_where_the_question_came_from_with_what_the_law_adds(
    session: AsyncSession, settings: Settings, now: Any
) -> None:
    case_id, ana, _ = await _claimed(session, now)
    sent = await _reply(session, settings, now + timedelta(minutes=2), case_id, ana)
    assert (sent.status, sent.channel) == ("queued", "sms"), sent.reasons
    assert "Yes, this is Ana." in sent.text
    assert "debt collector" in sent.text
    assert "STOP" in sent.text
    assert await session.scalar(sa.text("select status from message where direction = 'in'")) == "answered"


async def test_a_reply_is_held_when_something_newer_was_said(
    session: AsyncSession, settings: Settings, now: Any
) -> None:
    case_id, ana, debtor_id = await _claimed(session, now)
    seen = await _seen(session, case_id)
    await cast.heard(session, now=now + timedelta(minutes=1), debtor_id=debtor_id, text="Never mind, I paid it")
    with pytest.raises(replies.UnseenError) as held:
        await _reply(session, settings, now + timedelta(minutes=2), case_id, ana, seen=seen)
    assert [message["text"] for message in held.value.newer] == ["Never mind, I paid it"]
    sent = await _reply(session, settings, now + timedelta(minutes=2), case_id, ana, seen=seen, send_anyway=True)
    assert sent.status == "queued", sent.reasons


async def test_only_the_holder_writes(session: AsyncSession, settings: Settings, now: Any) -> None:
    case_id, ana, _ = await _claimed(session, now)
    bob = await cast.colleague(session, now=now, name="Bob Roe")
    with pytest.raises(replies.ClaimFirstError):
        await _reply(session, settings, now, case_id, bob)
    with pytest.raises(record.CaseError, match="Write the reply"):
        await _reply(session, settings, now, case_id, ana, text="  ")


async def test_of_two_replies_at_once_the_second_is_held(context: Context, now: Any) -> None:
    async with context.session() as session:
        case_id, ana, _ = await _claimed(session, now)
        seen = await _seen(session, case_id)

    async def send() -> str:
        async with context.session() as session:
            sent = await _reply(session, context.settings, now + timedelta(minutes=2), case_id, ana, seen=seen)
            return str(sent.status)

    results = await asyncio.gather(*(send() for _ in range(5)), return_exceptions=True)
    assert sorted(type(r).__name__ for r in results) == ["UnseenError"] * 4 + ["str"]
