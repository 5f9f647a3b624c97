"""The provider's door on a real server: forged signatures and broken requests are refused and change nothing."""

from __future__ import annotations

import asyncio
import http.client
import random
import resource
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta
from urllib.parse import quote_from_bytes, urlencode

import pytest
import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI

import channels
from channels.carrier.network import Account
from channels.carrier.webhooks import sign
from outreach import app as composition
from outreach.clock import Clock
from outreach.context import Context
from outreach.web import edge, hooks
from tests import cast as people

ACCOUNT = Account()
FIELDS = {
    "MessageSid": "SM" + "1" * 32,
    "AccountSid": ACCOUNT.sid,
    "From": "+16145550142",
    "To": "+16145550100",
    "Body": "STOP",
    "NumMedia": "0",
}
FORM = "application/x-www-form-urlencoded"
#: every table a request could write to
STATE = """
select (select count(*) from message), (select count(*) from consent), (select count(*) from provider_receipt),
  (select count(*) from unrouted_inbound), (select sum(epoch) from debtor), (select count(*) from audit_entry)
"""
#: the length a body that is cut off half way was to have
CUT = "5000"
Request = tuple[str, str, dict[str, str], bytes]


@pytest.fixture
async def host(context: Context, now) -> AsyncIterator[str]:
    """Host and port of a server with the door for texts; Dana has a number."""
    composition.load_jobs()
    values = {
        "twilio_account_sid": ACCOUNT.sid,
        "twilio_auth_token": ACCOUNT.token,
        "twilio_messaging_service_sid": ACCOUNT.service_sid,
    }
    context.channels = channels.build(values, clock=context.now)
    async with context.session() as session:
        await people.crowd(session, now=now, count=1)
    app = FastAPI(openapi_url=None)
    app.state.context = context
    edge.install(app, https=False)
    app.include_router(hooks.router())
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # the server offers nothing to wait on
        await asyncio.sleep(0.01)
    yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await running
    for adapter in context.channels.values():
        await adapter.aclose()


async def state(context: Context) -> list[int]:
    async with context.session() as session:
        return list((await session.execute(sa.text(STATE))).one())


def ask(host: str, request: Request) -> int:
    """The status; 0 when the server closed the line without an answer."""
    method, path, headers, body = request
    wire = http.client.HTTPConnection(host, timeout=30)
    try:
        wire.putrequest(method, path, skip_host="Host" in headers)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            wire.putheader(name, value.encode("latin-1", "replace"))
        wire.endheaders(body)
        if headers.get("Content-Length") == CUT:
            wire.sock.shutdown(socket.SHUT_WR)
        return wire.getresponse().status
    except (http.client.HTTPException, OSError):
        return 0
    finally:
        wire.close()


def signed(base: str, path: str = "/hooks/sms", fields: Mapping[str, str] = FIELDS) -> Request:
    headers = {"Content-Type": FORM, "X-Twilio-Signature": sign(ACCOUNT.token, base + path, fields)}
    return "POST", path, headers, urlencode(fields).encode()


def flipped(text: str, dice: random.Random) -> str:
    """One character that stands for something replaced by another of its kind."""
    at = dice.choice([n for n, sign_ in enumerate(text) if sign_.isalnum()])
    return text[:at] + dice.choice([c for c in "abcXYZ019" if c != text[at]]) + text[at + 1 :]


def forged(base: str, dice: random.Random) -> Request:
    """A signed request with one thing changed that the signature covers."""
    method, path, headers, body = signed(base, f"/hooks/sms?message={dice.getrandbits(64)}&attempt=1")
    text, signature = body.decode(), headers["X-Twilio-Signature"]
    fields = dict(FIELDS)
    name = dice.choice(list(fields))
    other = base.replace("127.0.0.1", "evil.example")
    changes: list[Callable[[], Request]] = [
        lambda: (method, path, headers | {"X-Twilio-Signature": flipped(signature[:-2], dice) + signature[-2:]}, body),
        lambda: (method, path, headers | {"X-Twilio-Signature": signature[: dice.randrange(27)]}, body),
        lambda: (method, path, headers | {"X-Twilio-Signature": signature.swapcase()}, body),
        lambda: (method, path, headers, urlencode(fields | {name: flipped(fields[name], dice)}).encode()),
        lambda: (method, path, headers, urlencode({k: v for k, v in fields.items() if k != name}).encode()),
        lambda: (method, path, headers, f"{text}&{name}=x".encode()),
        lambda: (method, path, headers, text.replace(name, flipped(name, dice), 1).encode()),
        lambda: (method, path.replace("attempt=1", f"attempt={dice.randrange(2, 99)}"), headers, body),
        lambda: (method, "/hooks/sms?" + "&".join(reversed(path.partition("?")[2].split("&"))), headers, body),
        lambda: (method, path + "&", headers, body),
        lambda: (method, path + "&bodySHA256=" + "0" * 64, headers, body),
        lambda: (method, path, headers | {"Content-Type": "application/json"}, body),
        lambda: (method, path, headers | {"Content-Type": "text/plain"}, body),
        lambda: (method, path, headers, b""),
        lambda: (
            method, path, {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Content-Type": FORM,
                           "X-Twilio-Signature": sign(ACCOUNT.token, other + path, fields)}, body,
        ),
        lambda: (method, path, headers | {"X-Twilio-Signature": sign(flipped(ACCOUNT.token, dice), base + path, fields)}, body),
    ]  # fmt: skip
    return dice.choice(changes)()


def broken(base: str, dice: random.Random) -> Request:
    """A request that no provider sends; half of the forms carry a good signature over what cannot be understood."""
    noise = dice.randbytes(dice.randrange(300))
    strange = {dice.choice(list(FIELDS)): dice.choice(["\x00", "\ud800", "9" * 5000, "", "\r\n", "%00", "💥" * 50])}
    named = {"MessageStatus": "delivered", "ErrorCode": "-1e9"} if dice.random() < 0.5 else {}
    fields = {k: v.encode("utf-8", "replace").decode() for k, v in ({"Body": "x"} | strange | named).items()}
    fields.pop("MessageSid", None)
    plain = {"Content-Type": FORM, "X-Twilio-Signature": "x"}
    path = "/hooks/sms"
    return dice.choices(
        [
            ("POST", path, plain, noise),
            ("POST", path, plain, quote_from_bytes(noise).encode()),
            signed(base, path, fields),
            ("POST", path, plain | {"Content-Type": dice.choice(["multipart/form-data", "a/b; charset=utf-16", ""])}, noise),
            ("POST", path, plain, b"&".join(b"Body=%d" % n for n in range(50))),
            ("POST", path, plain | {"Content-Length": CUT}, noise),
            (dice.choice(["GET", "PUT", "PATCH", "QUERY", "DELETE"]), path, plain, noise),
            ("POST", dice.choice(["/hooks/", "/hooks/x", "/hooks/%00", "/hooks/sms/", "/hooks/sms%2f"]), plain, noise),
            ("POST", path, plain | {"Content-Length": dice.choice(["-1", "x", "1e3"])}, noise),
            ("POST", path, plain, b"Body=" + b"a" * 1_100_000),
            ("POST", path, plain, b"&".join(b"f%d=1" % n for n in range(10_000))),
        ],
        weights=[20, 15, 20, 10, 8, 5, 8, 8, 4, 0.3, 0.3],
    )[0]  # fmt: skip


def many(host: str, requests: int, make: Callable[[random.Random], Request]) -> tuple[Counter[int], float, int]:
    """Statuses, the slowest answer in seconds, and how much the memory grew after the first tenth, in KiB."""
    dice, seen, slowest, begun = random.Random(1), Counter[int](), 0.0, 0
    for n in range(requests):
        request = make(dice)
        started = time.perf_counter()
        seen[ask(host, request)] += 1
        slowest = max(slowest, time.perf_counter() - started)
        if n == requests // 10:
            begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - begun
    print(f"{requests} requests: {dict(seen)}, slowest {slowest * 1000:.0f} ms, memory +{grown} KiB")
    return seen, slowest, grown


#: more than this a server that keeps nothing does not grow by, in KiB: the bodies of a moment and the allocator's slack
FLAT = 30_000


@pytest.mark.parametrize("requests", [200, pytest.param(10_000, marks=pytest.mark.slow)])
async def test_a_forged_signature_opens_nothing(host, context, requests) -> None:
    before = await state(context)
    base = context.settings.base_url
    seen, slowest, _ = await asyncio.to_thread(many, host, requests, lambda dice: forged(base, dice))
    assert set(seen) == {403}
    assert slowest < 1.0
    assert await state(context) == before
    assert await asyncio.to_thread(ask, host, signed(base)) == 200
    assert await state(context) != before


@pytest.mark.parametrize("requests", [500, pytest.param(100_000, marks=pytest.mark.slow)])
async def test_a_request_nobody_understands_changes_nothing(host, context, requests) -> None:
    before = await state(context)
    base = context.settings.base_url
    seen, slowest, grown = await asyncio.to_thread(many, host, requests, lambda dice: broken(base, dice))
    assert max(seen) < 500
    assert slowest < 1.0
    assert grown < FLAT
    assert await state(context) == before


async def test_a_request_heard_again_and_again_acts_once(host, context) -> None:
    """The provider's own repeats, and a recorded request hours later: what people wrote, and news of what we sent."""
    base = context.settings.base_url
    news = FIELDS | {"MessageStatus": "delivered", "SmsStatus": "delivered", "MessageSid": "SM" + "2" * 32}
    for request in (signed(base), signed(base, "/hooks/sms?message=1&attempt=1", news)):
        first = await asyncio.to_thread(ask, host, request)
        done = await state(context)
        for hours in (0, 5):
            context.clock = Clock(context.clock.offset + timedelta(hours=hours))
            answers = {await asyncio.to_thread(ask, host, request) for _ in range(100)}
            assert answers == {first}
            assert await state(context) == done
