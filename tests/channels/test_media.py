"""Files people send by text: fetched from the provider, with our credentials, and from nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import pytest
from aiohttp import web

import channels
from channels.contract import MediaRefused, SendError, Unsure
from outreach import db
from outreach.context import Context
from outreach.messages import inbound, media
from tests import cast
from tests.channels.conftest import twilio

PICTURE = b"\x89PNG" + b"x" * 1000


@asynccontextmanager
async def provider() -> AsyncIterator[tuple[str, list[str]]]:
    """A server that keeps files as Twilio does, and the credentials it was shown."""
    shown: list[str] = []

    async def give(request: web.Request) -> web.StreamResponse:
        shown.append(request.headers.get("Authorization", ""))
        answers: dict[str, Callable[[], web.StreamResponse]] = {
            "picture": lambda: web.Response(body=PICTURE, content_type="image/png"),
            "large": lambda: web.Response(body=b"x" * 5_000_001),
            "elsewhere": lambda: web.Response(
                status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"}
            ),
            "moved": lambda: web.Response(status=302, headers={"Location": "/picture"}),
            "circle": lambda: web.Response(status=302, headers={"Location": "/circle"}),
            "broken": lambda: web.Response(status=503),
            "gone": lambda: web.Response(status=404),
        }
        return answers[request.path.strip("/")]()

    app = web.Application()
    app.router.add_get("/{name}", give)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", shown
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("name", ["picture", "moved"])
async def test_a_file_is_fetched_with_our_credentials(carrier, name):
    async with provider() as (base, shown):
        adapter = channels.build(twilio(carrier) | {"twilio_base_url": base})["sms"]
        assert await adapter.fetch_media(f"{base}/{name}") == PICTURE
        await adapter.aclose()
    assert all(each.startswith("Basic ") for each in shown)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("large", MediaRefused),
        ("elsewhere", MediaRefused),
        ("circle", MediaRefused),
        ("gone", MediaRefused),
        ("broken", Unsure),
    ],
)
async def test_what_is_not_the_providers_or_too_large_stays_away(carrier, name, kind):
    async with provider() as (base, _):
        adapter = channels.build(twilio(carrier) | {"twilio_base_url": base})["sms"]
        with pytest.raises(kind):
            await adapter.fetch_media(f"{base}/{name}")
        await adapter.aclose()


@pytest.mark.parametrize(
    "url",
    [
        "http://api.twilio.com/x",
        "https://twilio.com.evil.example/x",
        "https://eviltwilio.com/x",
        "https://api.twilio.com@evil.example/x",
        "https://[::1]/x",
        "https://2130706433/x",
        "file:///etc/passwd",
        "https://[/x",
        "",
    ],
)
async def test_no_other_host_is_asked(sms, url):
    with pytest.raises(SendError) as caught:
        await sms.fetch_media(url)
    assert type(caught.value) is MediaRefused


async def test_a_file_is_kept_or_said_to_be_missing(context: Context, carrier, now: datetime) -> None:
    async with provider() as (base, _):
        context.channels = channels.build(twilio(carrier) | {"twilio_base_url": base})
        async with context.session() as session:
            await cast.person(session, now=now)
            await inbound.store(
                session,
                inbound.Inbound(
                    provider_id="MM1",
                    sender="+16145550001",
                    to="+16145550100",
                    text="see these",
                    attachments=[
                        channels.contract.Attachment(name=name, content_type="image/png", url=f"{base}/{name}")
                        for name in ("picture", "gone", "broken")
                    ],
                ),
                channel="sms",
                medium="sms",
                labels=[],
                key=context.key,
                now=now,
            )
        assert await media.fetch_pending(context) == 1
        await context.channels["sms"].aclose()
    async with context.session() as session:
        kept = await db.rows(session, "select name, size, url <> '' as again, problem from attachment order by id")
    assert [(k["name"], k["size"], k["again"]) for k in kept] == [
        ("picture", len(PICTURE), False),
        ("gone", 0, False),
        ("broken", 0, True),
    ]
    assert [k["problem"].startswith("Not fetched: ") for k in kept] == [False, True, True]
