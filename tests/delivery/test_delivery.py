"""Delivery through the local carrier: real HTTP and SMTP, its ledger the judge."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from email import message_from_string, policy

import pytest

import channels
from channels.carrier import Carrier
from outreach import db
from outreach.context import Context
from outreach.messages import flow, inbound, outbox
from outreach.messages.delivery import Loop
from outreach.messages.drafts import Draft
from tests import cast


@asynccontextmanager
async def delivering(context: Context, carrier: Carrier) -> AsyncIterator[None]:
    """The worker's loop on the carrier's channels."""
    values = (
        context.settings.values()
        | carrier.values
        | {"secret_key": context.key.hex(), "mail_from": "Harbor <mail@harbor.example>"}
    )
    context.channels = channels.build(values, clock=context.now)
    stop = asyncio.Event()
    task = asyncio.create_task(Loop(context)(stop))
    try:
        yield
    finally:
        stop.set()
        await task
        for adapter in context.channels.values():
            await adapter.aclose()


async def settled(context: Context, *, seconds: float = 20.0) -> Counter[str]:
    """Statuses once nothing is queued or under way."""
    async with asyncio.timeout(seconds):
        while True:
            async with context.session() as session:
                found = await db.rows(
                    session, "select status, count(*) as n from message where direction = 'out' group by status"
                )
            counts = Counter({row["status"]: row["n"] for row in found})
            if not counts.keys() & {"queued", "claimed", "sending"}:
                return counts
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("channel", ["sms", "email"])
async def test_everybody_hears_once(context: Context, now: datetime, channel: str) -> None:
    context.settings.sms_segments_per_second = context.settings.email_per_second = 5000
    async with context.session() as session:
        owner = await cast.creditor(session, now=now)
        people = [await cast.person(session, now=now, n=n, creditor_id=owner) for n in range(60)]
        await outbox.submit_many(
            session,
            [Draft(debtor_id=p, channel=channel, template="reminder") for p in people],
            now=now,
            settings=context.settings,
        )
    async with Carrier() as carrier, delivering(context, carrier):
        counts = await settled(context)
        handed = Counter(entry.to for entry in carrier.ledger.entries)
    assert counts == {"accepted": 60}
    assert set(handed.values()) == {1}
    assert len(handed) == 60


async def test_a_reply_stands_in_the_thread_of_the_mail_it_answers(context: Context, now: datetime) -> None:
    async with context.session() as session:
        who = await cast.person(session, now=now)
        said = inbound.Inbound(
            provider_id="<question@mail.example>#0123456789abcdef",
            sender="person1@mail.example",
            to="mail@harbor.example",
            text="How much do I owe?",
            raw={"references": "<reminder@harbor.example>"},
        )
        heard = await inbound.store(session, said, channel="email", medium="email", labels=[], key=context.key, now=now)
        assert isinstance(heard, inbound.Heard)
        draft = Draft(
            debtor_id=who, channel="email", template="reminder", purpose="reply", in_reply_to=heard.message_id
        )
        await outbox.submit(session, draft, now=now, settings=context.settings)
    async with Carrier() as carrier, delivering(context, carrier):
        await settled(context)
    (entry,) = carrier.ledger.accepted("mail")
    headers = message_from_string(entry.body, policy=policy.default)
    assert headers["In-Reply-To"] == "<question@mail.example>"
    assert headers["References"].split() == ["<reminder@harbor.example>", "<question@mail.example>"]
    assert headers["Auto-Submitted"] == "auto-replied"


async def test_a_lane_with_nothing_due_stops_at_once(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "IDLE_SECONDS", 60.0)
    async with asyncio.timeout(20), Carrier() as carrier, delivering(context, carrier):
        await asyncio.sleep(0.5)  # every lane has looked and sleeps
