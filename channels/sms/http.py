"""The HTTP client under Twilio's SDK. Its own one ignores its timeout, and its retries send a text again on a 500."""

from __future__ import annotations

import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from twilio.http import AsyncHttpClient
from twilio.http.response import Response

from channels.contract import Busy, Unsure, always
from channels.sms import media

TWILIO = "https://api.twilio.com"
#: Twilio can take 26 s to fail; after 12 s the reconciler asks instead
TIMEOUT = aiohttp.ClientTimeout(total=12, connect=3, sock_connect=3, sock_read=10)
BACK_OFF = timedelta(seconds=1)
LONGEST = timedelta(seconds=60)
#: may the request under way in this task still leave?
MAY_START: ContextVar[Callable[[], Awaitable[bool]]] = ContextVar("may_start", default=always)


class _Request(aiohttp.ClientRequest):
    """Asks when it has its connection and is about to write: headers leave together with the body, so nothing has left yet."""

    async def write_bytes(self, writer: Any, conn: Any, content_length: int | None = None) -> None:
        if await MAY_START.get()():
            await super().write_bytes(writer, conn, content_length)
        else:
            conn.protocol.set_exception(Busy("The permission to send ran out.", after=BACK_OFF))


class HttpClient(AsyncHttpClient):  # type: ignore[misc]  # the SDK is untyped
    """One pooled session, explicit timeouts, no retry, no redirect, no cookie. Build it inside the event loop.

    Says itself what an answer without a verdict means: `Busy` when Twilio certainly did nothing (429, no connection),
    `Unsure` when it may have (5xx, a connection lost once the request was on its way).
    """

    def __init__(self, *, base_url: str = "", connections: int = 256, timeout: aiohttp.ClientTimeout = TIMEOUT) -> None:
        super().__init__(logging.getLogger(__name__), True)
        self._base_url = base_url.rstrip("/")
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=connections, keepalive_timeout=15),
            cookie_jar=aiohttp.DummyCookieJar(),
            request_class=_Request,
            timeout=timeout,
        )

    async def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # the SDK's signature
        allow_redirects: bool = False,
    ) -> Response:
        try:
            async with self._session.request(
                method.upper(),
                self._address(uri),
                params=params,
                data=data,
                headers={**(headers or {}), **({"Authorization": aiohttp.encode_basic_auth(*auth)} if auth else {})},
                allow_redirects=False,
            ) as answer:
                if answer.status == 429:
                    raise Busy(
                        "Twilio asks for fewer requests.", after=_after(answer.headers), code="20429", everyone=True
                    )
                if answer.status >= 500:
                    raise Unsure(
                        f"Twilio answered {answer.status}; the message may have left.", code=str(answer.status)
                    )
                return Response(answer.status, await answer.text(errors="replace"), answer.headers)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Busy("Twilio could not be reached.", after=_jitter(BACK_OFF * 5), everyone=True) from error
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unsure("The connection to Twilio was lost before its answer.", code=type(error).__name__) from error

    async def media(self, url: str, *, account: tuple[str, str]) -> bytes:
        """A file people sent, as `media.fetch` allows it."""
        return await media.fetch(self._session, url, auth=aiohttp.encode_basic_auth(*account), base_url=self._base_url)

    async def close(self) -> None:
        await self._session.close()

    def _address(self, uri: str) -> str:
        return self._base_url + uri.removeprefix(TWILIO) if self._base_url and uri.startswith(TWILIO) else uri


def _after(headers: Mapping[str, str]) -> timedelta:
    """`Retry-After` as seconds or as a date, else a second with jitter; never more than a minute."""
    given = headers.get("Retry-After", "").strip()
    if given.isdecimal():
        return min(timedelta(seconds=int(given[:6])), LONGEST)
    try:
        wait = parsedate_to_datetime(given) - datetime.now(UTC)
    except (ValueError, TypeError):
        return _jitter(BACK_OFF)
    return min(max(wait, timedelta()), LONGEST)


def _jitter(most: timedelta) -> timedelta:
    return most * random.uniform(0.5, 1.5)  # noqa: S311  # spreads load, keeps no secret
