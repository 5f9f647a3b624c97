"""A carrier and channels that reach it by the settings that would reach the real providers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import pytest

import channels
from channels.carrier import Carrier
from channels.contract import Channel, Outgoing

MAIL = {
    "mail_from": "Fairview Service <service@mail.fairview.example>",
    "mail_domain": "mail.fairview.example",
    "bounce_domain": "bounces.fairview.example",
    "public_url": "https://pay.fairview.example",
    "secret_key": "a secret of the tests",
}


def twilio(carrier: Carrier, **values: str) -> dict[str, str]:
    """The settings of text messages alone."""
    return {name: value for name, value in carrier.values.items() if name.startswith("twilio")} | values


@pytest.fixture
async def carrier() -> AsyncIterator[Carrier]:
    async with Carrier() as running:
        yield running


@pytest.fixture
async def sms(carrier: Carrier) -> AsyncIterator[Channel]:
    adapter = channels.build(twilio(carrier))["sms"]
    yield adapter
    await adapter.aclose()


@pytest.fixture
async def email(carrier: Carrier) -> AsyncIterator[Channel]:
    adapter = channels.build(MAIL | {"smtp_url": carrier.values["smtp_url"]})["email"]
    yield adapter
    await adapter.aclose()


@pytest.fixture
def text() -> Callable[..., Outgoing]:
    """One text message; anything may be said differently."""

    def make(**values: Any) -> Outgoing:
        given: dict[str, Any] = {"message_id": uuid4(), "attempt": 1, "to": "+14155550134", "text": "Please call us."}
        return Outgoing(**(given | values))

    return make


@pytest.fixture
def mail(text: Callable[..., Outgoing]) -> Callable[..., Outgoing]:
    """One mail with both renditions."""

    def make(**values: Any) -> Outgoing:
        given: dict[str, Any] = {
            "to": "Dana.Holloway@mail.example",
            "subject": "A message for you",
            "text": "Good morning,\nplease have a look: https://pay.fairview.example/m/abc\n",
            "html": "<p>Good morning,<br>please have a <a href='https://pay.fairview.example/m/abc'>look</a>.</p>",
            "unsubscribe_url": "https://pay.fairview.example/u/QWERTYuiop12345",
            "reply_to": "reply+QWERTYuiop12345@mail.fairview.example",
        }
        return text(**(given | values))

    return make
