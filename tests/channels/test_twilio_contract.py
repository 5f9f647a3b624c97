"""What we send to Twilio against Twilio's own OpenAPI document, where that lies beside the checkout."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web

import channels
from tests.channels.conftest import twilio

PLACES = [folder / "shared/oracles/twilio_api_v2010.json" for folder in Path(__file__).parents[2:5]]
DOCUMENT = next((path for path in PLACES if path.is_file()), None)
pytestmark = pytest.mark.skipif(DOCUMENT is None, reason="Twilio's OpenAPI document is not beside this checkout")


@pytest.fixture
async def recorded(carrier, text):
    """Every request of every verb, as a server sees it."""
    seen: list[tuple[str, str, dict[str, str]]] = []

    async def note(request: web.Request) -> web.StreamResponse:
        given = dict(await request.post()) if request.method == "POST" else dict(request.query)
        seen.append((request.method.lower(), request.path, {k: str(v) for k, v in given.items()}))
        if request.method == "GET" and request.path.endswith("/Messages.json"):
            return web.json_response({"messages": [], "next_page_uri": None, "page": 0, "page_size": 100})
        return web.json_response({"sid": "SM" + "0" * 32, "status": "accepted", "error_code": None})

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", note)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    now = datetime.now(UTC)
    adapter = channels.build(twilio(carrier) | {"twilio_base_url": f"http://127.0.0.1:{runner.addresses[0][1]}"})["sms"]
    message = text(
        callback_url="https://pay.fairview.example/hooks/sms?message=1&attempt=1", expires_at=now + timedelta(hours=2)
    )
    await adapter.send(message)
    await adapter.send(text())
    await adapter.lookup(message_id=message.message_id, to=message.to, since=now, body=message.text)
    await adapter.fetch("SM" + "0" * 32)
    await adapter.inbound_since(now)
    await adapter.aclose()
    await runner.cleanup()
    return seen


async def test_every_request_is_one_the_document_knows(recorded):
    assert DOCUMENT is not None
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    assert {method for method, _, _ in recorded} == {"post", "get"}
    assert len(recorded) == 5
    for method, path, given in recorded:
        operation, in_path = _operation(document, method, path)
        fields, required = _fields(document, operation, method)
        assert given.keys() <= fields.keys(), (path, given.keys() - fields.keys())
        assert required <= given.keys()
        problems = [p for name, value in {**given, **in_path}.items() if (p := _problem(fields.get(name, {}), value))]
        assert problems == []


def _operation(document: dict[str, Any], method: str, path: str) -> tuple[dict[str, Any], dict[str, str]]:
    for template, operations in document["paths"].items():
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+?)", re.escape(template))
        if method in operations and (found := re.fullmatch(pattern, path)):
            return operations[method], found.groupdict()
    raise AssertionError(f"Twilio has no {method} {path}")


def _fields(document: dict[str, Any], operation: dict[str, Any], method: str) -> tuple[dict[str, Any], set[str]]:
    listed = {p["name"]: p["schema"] for p in operation.get("parameters", ())}
    if method == "get":
        return listed, set()
    schema = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    return listed | schema["properties"], set(schema.get("required", ()))


def _problem(schema: dict[str, Any], value: str) -> str:
    """What is wrong with a value by its schema; "" = nothing."""
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return f"{value!r} is not {schema['pattern']}"
    if schema.get("type") == "integer" and not value.isdecimal():
        return f"{value!r} is not a whole number"
    if schema.get("format") == "uri" and urlsplit(value).scheme not in {"http", "https"}:
        return f"{value!r} is not a URI"
    if schema.get("format") == "phone-number" and not re.fullmatch(r"\+\d{8,15}", value):
        return f"{value!r} is not a number in E.164"
    if "enum" in schema and value not in schema["enum"]:
        return f"{value!r} is not among {schema['enum']}"
    return ""
