"""A creditor's receiver on loopback: keeps what it is sent, answers what it is told, and verifies signatures on its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class Receiver:
    """`answers` are used up one by one; then it answers 204. A number is a status, a text an address to redirect to."""

    url: str = ""
    answers: list[int | str] = field(default_factory=list)
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.taken.append(({k.lower(): v for k, v in request.headers.items()}, await request.read()))
        answer = self.answers.pop(0) if self.answers else 204
        if isinstance(answer, str):
            return web.Response(status=307, headers={"Location": answer})
        return web.Response(status=answer, body=b"x" * 500_000 if answer == 200 else b"")

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.taken]

    def types(self) -> list[str]:
        return [event["type"] for event in self.events()]


def genuine(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Standard Webhooks, read from its specification."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    mine = "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return mine in headers["webhook-signature"].split(" ")
