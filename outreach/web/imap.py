"""Inbound mail from an IMAP mailbox: IDLE, every message by UID once, marked seen only after its transaction committed."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import unquote, urlsplit

import aioimaplib
import structlog

from outreach.context import Context
from outreach.errors import OutreachError

log = structlog.get_logger()

#: RFC 2177: a server may end an IDLE after 30 minutes.
IDLE_SECONDS = 28 * 60
AGAIN_SECONDS = 5.0


class ImapError(OutreachError):
    """OUTREACH_IMAP_URL must look like imaps://user:password@host:993/INBOX."""


Take = Callable[[bytes], Awaitable[None]]


async def follow(context: Context, take: Take) -> None:
    """Hand every unseen mail to `take`, then wait for more; reconnects for as long as the process lives."""
    while True:
        try:
            client = await _connect(context)
            while True:
                await _read(client, take)
                await _wait(client)
        except (OSError, TimeoutError, aioimaplib.Abort, aioimaplib.Error) as error:
            log.warning("imap_lost", error=type(error).__name__)
            await asyncio.sleep(AGAIN_SECONDS)


async def _connect(context: Context) -> aioimaplib.IMAP4:
    url = urlsplit(context.settings.imap_url.get_secret_value())
    if url.scheme not in {"imap", "imaps"} or not url.hostname:
        raise ImapError
    secure = url.scheme == "imaps"
    if secure:
        client: aioimaplib.IMAP4 = aioimaplib.IMAP4_SSL(
            url.hostname, url.port or 993, ssl_context=ssl.create_default_context()
        )
    else:
        client = aioimaplib.IMAP4(url.hostname, url.port or 143)
    await client.wait_hello_from_server()
    said = await client.login(unquote(url.username or ""), unquote(url.password or ""))
    if said.result != "OK":
        raise aioimaplib.Error("the mailbox refuses our credentials")
    await client.select(url.path.strip("/") or "INBOX")
    return client


async def _read(client: aioimaplib.IMAP4, take: Take) -> None:
    """Every unseen message in order; one that cannot be kept stays unseen and is tried again."""
    async for uid, raw in _unseen(client):
        try:
            await take(raw)
        except Exception as error:  # the mail stays unseen: nothing is lost, the next round tries again
            log.error("mail_not_kept", error=type(error).__name__)
            continue
        await client.uid("store", uid, "+FLAGS", r"(\Seen)")


async def _unseen(client: aioimaplib.IMAP4) -> AsyncIterator[tuple[str, bytes]]:
    found = await client.uid_search("UNSEEN")
    for uid in b" ".join(found.lines[:1]).decode().split():
        answer = await client.uid("fetch", uid, "(UID BODY.PEEK[])")
        bodies = [line for line in answer.lines if isinstance(line, bytearray)]
        if bodies:
            yield uid, bytes(bodies[0])


async def _wait(client: aioimaplib.IMAP4) -> None:
    """Until the server speaks of a new message, or the IDLE is due for renewal."""
    idle = await client.idle_start(timeout=IDLE_SECONDS)
    try:
        await client.wait_server_push()
    finally:
        client.idle_done()
        await asyncio.wait_for(idle, timeout=10)
