"""Signed requests from the carrier to the service: status callbacks and inbound messages, as Twilio sends them."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import urldefrag

import aiohttp

#: tries after the first, and how long the carrier waits before each; Twilio's connection overrides allow five
RETRIES = (0.3, 1.0, 3.0)
TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)


def sign(token: str, url: str, fields: Mapping[str, str]) -> str:
    """Twilio's algorithm for forms, not taken from its SDK, so that each checks the other."""
    covered = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(token.encode(), covered.encode(), hashlib.sha1).digest()).decode()


class Webhooks:
    """Posts with a bounded number of requests at a time. Build it inside the event loop."""

    def __init__(self, token: str, *, at_once: int = 64, retries: Sequence[float] = RETRIES) -> None:
        self._token, self._retries = token, retries
        self._slots = asyncio.Semaphore(at_once)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=at_once), cookie_jar=aiohttp.DummyCookieJar(), timeout=TIMEOUT
        )

    async def post(self, url: str, fields: Mapping[str, str]) -> int:
        """The last status, 0 when nobody answered. Connection failures and 5xx are tried again."""
        target = urldefrag(url).url
        headers = {"X-Twilio-Signature": sign(self._token, target, fields), "User-Agent": "TwilioProxy/1.1"}
        status = 0
        for wait in (*self._retries, None):
            async with self._slots:
                status = await self._once(target, fields, headers)
            if 0 < status < 500 or wait is None:
                break
            await asyncio.sleep(wait)
        return status

    async def _once(self, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> int:
        try:
            async with self._session.post(url, data=fields, headers=headers, allow_redirects=False) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0

    async def close(self) -> None:
        await self._session.close()
