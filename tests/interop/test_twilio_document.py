"""The provider's own SDK, as we use it, through a mock that validates every request by the provider's OpenAPI document."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

import channels
from channels.carrier.network import Account
from tests.channels.conftest import text  # noqa: F401  # a fixture
from tests.channels.test_twilio_contract import DOCUMENT
from tests.interop.programs import free_port

PRISM = "@stoplight/prism-cli@5.14.2"
#: the first run fetches it
PATIENCE = 180.0
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(DOCUMENT is None, reason="Twilio's OpenAPI document is not beside this checkout"),
    pytest.mark.skipif(shutil.which("npx") is None, reason="npx is not installed: apt-get install npm"),
]


class Prism:
    """The mock: where it listens, and what it said."""

    def __init__(self, url: str) -> None:
        self.url, self.said = url, ""

    async def listen(self, output: asyncio.StreamReader, started: asyncio.Event) -> None:
        async for line in output:
            self.said += line.decode("utf-8", "replace")
            if "is listening on" in self.said:
                started.set()
        started.set()

    def heard(self, word: str) -> int:
        return self.said.count(word)


@pytest.fixture
async def prism() -> AsyncIterator[Prism]:
    port = free_port()
    mock, started = Prism(f"http://127.0.0.1:{port}"), asyncio.Event()
    command = ("npx", "--yes", PRISM, "mock", "--errors", "--port", str(port), str(DOCUMENT))
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, start_new_session=True
    )
    assert process.stdout
    reading = asyncio.create_task(mock.listen(process.stdout, started))
    try:
        async with asyncio.timeout(PATIENCE):
            await started.wait()
        if "is listening on" not in mock.said:
            pytest.skip(f"{PRISM} does not start here: {mock.said[-300:]}")
        yield mock
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        await process.wait()
        await reading


async def test_no_request_of_ours_breaks_the_document(prism, text) -> None:  # noqa: F811
    account, sid, now = Account(), "SM" + "0" * 32, datetime.now(UTC)
    values = {
        "twilio_account_sid": account.sid,
        "twilio_auth_token": account.token,
        "twilio_messaging_service_sid": account.service_sid,
        "twilio_base_url": prism.url,
    }
    adapter = channels.build(values)["sms"]
    message = text(
        callback_url="https://pay.fairview.example/hooks/sms?message=1&attempt=1", expires_at=now + timedelta(hours=2)
    )
    asked = [
        adapter.send(message),
        adapter.fetch(sid),
        adapter.lookup(message_id=message.message_id, to=message.to, since=now, body=message.text),
        adapter.inbound_since(now),
        adapter._twilio.messages(sid).update_async(
            body=""
        ),  # redaction: what the SDK asks for when words are taken away
    ]
    for each in asked:
        # what the mock makes up in answer is nonsense to us; what it says of the request is the point
        with contextlib.suppress(Exception):
            await each
    await adapter.aclose()
    print(prism.said)
    assert prism.heard("Request received") >= len(asked)
    assert prism.heard("The request passed the validation rules") == prism.heard("Request received")


async def test_the_mock_does_refuse(prism) -> None:
    """That it says nothing of ours is worth something."""
    account = Account()
    basic = aiohttp.encode_basic_auth(account.sid, account.token)
    url = f"{prism.url}/2010-04-01/Accounts/{account.sid}/Messages.json"
    given = {"data": {"ValidityPeriod": "soon"}, "headers": {"Authorization": basic}}
    async with aiohttp.ClientSession() as session, session.post(url, **given) as answer:
        assert answer.status == 422, await answer.text()
        assert "request" in await answer.text()
