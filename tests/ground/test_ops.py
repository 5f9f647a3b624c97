"""What those who run it look at: the counts, and the page that says what to do about them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import httpx2 as httpx
import pytest
from fastapi import FastAPI

from outreach.context import Context
from outreach.messages import outbox
from outreach.messages.drafts import Draft
from outreach.web import ops
from tests import cast

PAGE = (Path(__file__).parents[2] / "docs" / "running.md").read_text(encoding="utf-8")


@pytest.fixture
async def client(context: Context) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.context = context
    app.include_router(ops.router())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        yield client


async def _metrics(client: httpx.AsyncClient) -> dict[str, float]:
    lines = (await client.get("/metrics")).text.splitlines()
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if not line.startswith("#")}


async def test_messages_are_counted_by_state_and_nobody_is_named(
    client: httpx.AsyncClient, context: Context, now: datetime
) -> None:
    async with context.session() as session:
        dana = await cast.person(session, now=now)
        draft = Draft(debtor_id=dana, channel="sms", template="reminder")
        sent = await outbox.submit(session, draft, now=now, settings=context.settings)
    assert sent.status == "queued", sent.reasons
    found = await _metrics(client)
    assert found['outreach_messages_last_hour{channel="sms",direction="out",status="queued"}'] == 1
    assert found["outreach_due"] == 1
    assert "1614" not in (await client.get("/metrics")).text


async def test_each_count_has_its_line_in_the_page(client: httpx.AsyncClient) -> None:
    counted = {name.partition("{")[0] for name in await _metrics(client)} | {"outreach_messages_last_hour"}
    assert counted == set(re.findall(r"^\| `(outreach_\w+)`", PAGE, re.MULTILINE))


async def test_it_is_alive_and_ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json()["status"] == "ready"
