"""What happens to a text after it was accepted: the way to the handset, told in signed callbacks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from channels.carrier.faults import Fault, Rule
from channels.carrier.network import Network
from channels.carrier.texts import API_VERSION, Text


async def travel(network: Network, text: Text, rule: Rule | None) -> None:
    """Queued, sent, then delivered or not. The resource follows the plan in time; its callbacks may go astray."""
    chance = network.dice.random("callbacks", text.callback or text.sid)
    settings = network.dice.faults.callbacks
    held = rule.seconds if rule and rule.fault is Fault.BACKLOG else 0.0
    expired = held > text.validity
    await asyncio.sleep(min(held, text.validity))
    news: list[dict[str, str]] = []
    for status, code in _stations(rule, expired=expired):
        await asyncio.sleep(chance.uniform(*settings.step_ms) / 1000)
        text.status, text.error_code = status, code
        if status == "sent":
            text.sent_at = datetime.now(UTC)
        news.append(_fields(text))
        if chance.random() >= settings.shuffled and text.callback:
            _tell(network, text.callback, news.pop(), chance.random(), chance.random(), chance.random())
    for late in reversed(news):
        if text.callback:
            _tell(network, text.callback, late, chance.random(), chance.random(), chance.random())


def _stations(rule: Rule | None, *, expired: bool) -> Sequence[tuple[str, int | None]]:
    if expired:
        return (("queued", None), ("failed", 30036))
    if rule and rule.fault is Fault.UNDELIVERED:
        return (("queued", None), ("sent", None), ("undelivered", rule.code or 30003))
    return (("queued", None), ("sent", None), ("delivered", None))


def _tell(network: Network, url: str, fields: dict[str, str], lost: float, again: float, late: float) -> None:
    settings = network.dice.faults.callbacks
    if lost < settings.lost:
        return
    wait = settings.late_seconds if late < settings.late else 0.0
    for _ in range(2 if again < settings.repeated else 1):
        network.spawn(_post(network, url, fields, wait))


async def _post(network: Network, url: str, fields: dict[str, str], wait: float) -> None:
    await asyncio.sleep(wait)
    await network.webhooks.post(url, fields)


def _fields(text: Text) -> dict[str, str]:
    fields = {
        "MessageSid": text.sid,
        "SmsSid": text.sid,
        "MessageStatus": text.status,
        "SmsStatus": text.status,
        "To": text.to,
        "From": text.sender,
        "AccountSid": text.account_sid,
        "ApiVersion": API_VERSION,
    }
    if text.service_sid:
        fields["MessagingServiceSid"] = text.service_sid
    if text.error_code:
        fields["ErrorCode"] = str(text.error_code)
    return fields
