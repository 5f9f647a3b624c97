"""The debtor's side exists only beside a local carrier, shows what arrived, and answers through the carrier."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2 as httpx
import pytest
from fastapi import FastAPI

from channels.carrier import Carrier
from channels.carrier.mailbox import Mail
from outreach.context import Context
from outreach.settings import Settings
from outreach.web import edge, sandbox


def application(context: Context) -> FastAPI:
    made = FastAPI(openapi_url=None)
    made.state.context = context
    edge.install(made, https=False)
    made.include_router(sandbox.router())
    return made


@pytest.fixture
async def carrier(context: Context) -> AsyncIterator[Carrier]:
    async with Carrier() as running:
        known = {"data_dir": context.settings.data_dir, "database_url": context.settings.database_url}
        context.settings = Settings(_env_file=None, **known, **running.values)  # type: ignore[call-arg]
        yield running


async def get(context: Context, path: str, **more: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app=application(context))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.request("POST" if "data" in more else "GET", path, **more)


class TestWithoutALocalCarrier:
    @pytest.mark.parametrize("path", ["/sandbox", "/sandbox/1"])
    async def test_there_is_no_such_page(self, context, office, path):
        assert (await get(context, path)).status_code == 404


class TestTheDebtorsSide:
    async def test_shows_a_text_and_sends_the_answer_back(self, context, office, carrier):
        dana = office["people"][0]["debtor"]
        await get(context, f"/sandbox/{dana}/text", data={"body": "STOP <script>alert(1)</script>"})
        page = await get(context, f"/sandbox/{dana}")
        assert "text--mine" in page.text
        assert "<script>alert" not in page.text
        assert "Dana Holloway" in page.text

    async def test_shows_a_mail_and_its_own_one_click_only(self, context, office, carrier):
        dana = office["people"][0]["debtor"]
        head = b"From: Us <us@house.example>\r\nSubject: A message\r\n"
        for address, offered in ((b"https://evil.example/u/x", False), (b"http://127.0.0.1:8000/u/abc", True)):
            raw = head + b"List-Unsubscribe: <" + address + b">\r\n\r\nHello Dana\r\n"
            carrier.mailboxes.add(Mail(sender="us@house.example", to="dana@example.com", raw=raw))
            page = await get(context, f"/sandbox/{dana}")
            assert "Hello Dana" in page.text
            assert ("Unsubscribe" in page.text) is offered

    async def test_says_so_while_the_carrier_is_away(self, context, office):
        context.settings = Settings(  # type: ignore[call-arg]
            _env_file=None,
            database_url=context.settings.database_url,
            twilio_account_sid="AC1",
            twilio_base_url="http://127.0.0.1:9",
            smtp_url="smtp://127.0.0.1:9",  # type: ignore[arg-type]
        )
        page = await get(context, f"/sandbox/{office['people'][0]['debtor']}")
        assert page.status_code == 200
        assert "does not answer" in page.text

    async def test_knows_nobody_else(self, context, office, carrier):
        assert (await get(context, "/sandbox/999999")).status_code == 404
