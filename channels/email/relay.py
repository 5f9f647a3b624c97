"""The connection to our relay: a pool of persistent ones, one recipient a transaction, and always the phase known.

SMTP has no idempotency: a connection lost after the final dot may or may not have delivered (RFC 1047). So the verbs
are called one by one; before the payload is written a failure is certain, from then on nobody knows.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib
from aiosmtplib import SMTPAuthenticationError, SMTPException, SMTPResponseException

from channels.contract import Busy, Misconfigured, SendError, Unsure, always
from channels.email import codes

#: a connection is given up after so many mails or seconds: relays close older ones in the middle of a transaction
MOST_MAILS = 100
LONGEST_LIFE = 60.0
#: idle for longer than this, it is asked whether it is still there
IDLE = 5.0
CONNECT_TIMEOUT = 15.0
AGAIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    host: str
    port: int
    username: str = ""
    password: str = ""
    tls: bool = False  #: TLS from the first byte (smtps)
    starttls: bool | None = None  #: None: whenever the relay offers it
    connections: int = 16
    timeout: float = 60.0  #: seconds for one whole transaction; the RFC allows ten minutes after the dot

    @classmethod
    def parse(cls, url: str) -> Address:
        """`smtp[s]://user:pass@host:port?starttls=true&connections=16&timeout=60`. Raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("OUTREACH_SMTP_URL must look like smtp://user:password@host:587?starttls=true.")
        tls = parts.scheme == "smtps"
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        starttls = options.get("starttls")
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if tls else 587 if starttls else 25),
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls=tls,
            starttls=False if tls else None if starttls is None else starttls.lower() in {"true", "1", "yes"},
            connections=int(options.get("connections", 16)),
            timeout=float(options.get("timeout", 60)),
        )


class Connection:
    """One open connection and how much it has been used."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        self.client = client
        self.mails = 0
        self.opened = self.used = time.monotonic()

    async def usable(self) -> bool:
        now = time.monotonic()
        if not self.client.is_connected or self.mails >= MOST_MAILS or now - self.opened > LONGEST_LIFE:
            return False
        if now - self.used > IDLE:
            try:
                await self.client.noop(timeout=CONNECT_TIMEOUT)
            except SMTPException:
                return False
        return True

    def close(self) -> None:
        self.client.close()


class Relay:
    """Hands mails to the relay. Build it inside the event loop; nothing connects before the first mail."""

    def __init__(self, address: Address, *, hostname: str = "") -> None:
        self._address = address
        self._hostname = hostname or None
        self._idle: list[Connection] = []
        self._slots = asyncio.Semaphore(address.connections)
        self._tls: ssl.SSLContext | None = None

    async def hand_over(
        self, *, sender: str, to: str, mail: bytes, may_start: Callable[[], Awaitable[bool]] = always
    ) -> str:
        """The relay's own words on taking it. Raises Busy, Refused, Misconfigured, or Unsure from the payload on.

        `may_start` is asked once a connection is there, and again before the payload: opening one, or a relay that looks
        the recipient up, may take longer than a permission lasts.
        """
        written = False
        try:
            async with self._slots, asyncio.timeout(self._address.timeout), self._connection() as connection:
                client = connection.client
                await _permitted(may_start)
                await client.mail(sender)
                await client.rcpt(to)
                await _permitted(may_start)
                written = True
                reply = await client.data(mail)
                connection.mails += 1
                return str(reply.message)
        except SMTPAuthenticationError as error:
            raise _unauthenticated(error) from error
        except SMTPResponseException as error:
            raise codes.refusal(error.code, str(error.message)) from error
        except (SMTPException, TimeoutError, OSError, ValueError) as error:
            raise _lost(error, written=written) from error

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        """A connection for one transaction. It goes back to the pool only when the relay's state is known."""
        connection = await self._open()
        try:
            yield connection
        except SMTPResponseException as error:
            if error.code == 421 or not await _reset(connection):
                connection.close()
            else:
                self._keep(connection)
            raise
        except BaseException:
            connection.close()
            raise
        self._keep(connection)

    async def _open(self) -> Connection:
        while self._idle:
            connection = self._idle.pop()
            if await connection.usable():
                return connection
            connection.close()
        at = self._address
        client = aiosmtplib.SMTP(
            hostname=at.host,
            port=at.port,
            username=at.username or None,
            password=at.password or None,
            local_hostname=self._hostname,
            timeout=at.timeout,
            use_tls=at.tls,
            start_tls=at.starttls,
            tls_context=self._context() if at.tls or at.starttls is not False else None,
        )
        await client.connect(timeout=CONNECT_TIMEOUT)
        return Connection(client)

    def _context(self) -> ssl.SSLContext:
        """Made once: loading the trust store costs more than a mail."""
        self._tls = self._tls or ssl.create_default_context()
        return self._tls

    def _keep(self, connection: Connection) -> None:
        connection.used = time.monotonic()
        self._idle.append(connection)

    async def aclose(self) -> None:
        while self._idle:
            connection = self._idle.pop()
            try:
                await connection.client.quit(timeout=2)
            except SMTPException:
                connection.close()


async def _permitted(may_start: Callable[[], Awaitable[bool]]) -> None:
    if not await may_start():
        raise Busy("The permission to send ran out.", after=timedelta(seconds=1))


async def _reset(connection: Connection) -> bool:
    try:
        await connection.client.rset(timeout=CONNECT_TIMEOUT)
    except SMTPException:
        return False
    return True


def _unauthenticated(error: SMTPAuthenticationError) -> SendError:
    if 400 <= error.code < 500:
        return Busy("The relay cannot check our credentials now.", after=AGAIN, code=str(error.code), everyone=True)
    return Misconfigured("The relay refuses our credentials.", code=str(error.code))


def _lost(error: Exception, *, written: bool) -> SendError:
    if written:
        return Unsure("The connection to the relay was lost before its answer.", code=type(error).__name__)
    if isinstance(error, ssl.SSLCertVerificationError) or isinstance(error.__cause__, ssl.SSLCertVerificationError):
        return Misconfigured("The relay's certificate is not valid for its name.")
    return Busy("The relay could not be reached.", after=AGAIN, code=type(error).__name__, everyone=True)
