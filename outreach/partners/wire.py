"""The outgoing call: signed as Standard Webhooks says, and only ever to a public address.

The address is judged at each connection, after names are resolved, so neither a name that changes its mind nor a number
written strangely leads inside. No redirect is followed and nothing of the answer is read but its status.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import aiohttp
from aiohttp import hdrs

from outreach.partners.endpoints import PREFIX

#: seconds for all of it: name, connection, TLS, answer
PATIENCE = 5.0
#: prefixes that carry an IPv4 address inside: where they end cannot be told from here
_TUNNELS = (
    IPv6Network("64:ff9b::/96"),
    IPv6Network("64:ff9b:1::/48"),
    IPv6Network("2002::/16"),
    IPv6Network("2001::/32"),
)


class PrivateAddressError(OSError):
    """The name leads to an address that is not public."""


def public(address: str) -> bool:
    """Whether an IP address is one of the public internet: not private, shared, loopback, link-local, multicast or reserved."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped:
            return public(str(ip.ipv4_mapped))
        if any(ip in net for net in _TUNNELS) or ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def sign(secrets: Sequence[str], *, event: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature`: a v1 (HMAC-SHA256, base64) for each secret, separated by spaces."""
    said = f"{event}.{timestamp}.".encode() + body
    macs = (hmac.new(base64.b64decode(s.removeprefix(PREFIX)), said, hashlib.sha256).digest() for s in secrets)
    return " ".join(f"v1,{base64.b64encode(mac).decode()}" for mac in macs)


class Caller:
    """One client for a round of deliveries: `async with Caller(loopback=False) as wire`."""

    def __init__(self, *, loopback: bool = False) -> None:
        self._loopback = loopback
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Caller:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(socket_factory=self._socket, use_dns_cache=False, force_close=True),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=PATIENCE),
            trust_env=False,
            max_line_size=8190,
            max_field_size=8190,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None
        await self._session.close()

    async def post(self, url: str, *, body: bytes, headers: dict[str, str]) -> str:
        """What came back, in a word: "204", "301", "timed out", "refused: not a public address". Never raises.

        Without `loopback`, which is for development, over TLS only.
        """
        assert self._session is not None
        if not self._loopback and not url.startswith("https://"):
            return "refused: not https"
        try:
            async with self._session.post(
                url, data=body, headers={**headers, hdrs.CONTENT_TYPE: "application/json"}, allow_redirects=False
            ) as answer:
                return str(answer.status)
        except TimeoutError:
            return "timed out"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return "refused: not a public address" if _private(error) else f"no connection: {type(error).__name__}"

    def _socket(self, info: tuple[Any, Any, int, str, tuple[Any, ...]]) -> socket.socket:
        family, kind, protocol, _, address = info
        host = str(address[0])
        if not public(host) and not (self._loopback and ip_address(host).is_loopback):
            raise PrivateAddressError(host)
        return socket.socket(family=family, type=kind, proto=protocol)


def _private(error: BaseException | None) -> bool:
    """Whether a refusal of ours is somewhere beneath what the client made of it."""
    while error is not None:
        inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
        known = isinstance(error, PrivateAddressError) or isinstance(
            getattr(error, "os_error", None), PrivateAddressError
        )
        if known or any(_private(part) for part in inner):
            return True
        error = error.__cause__ or error.__context__
    return False
