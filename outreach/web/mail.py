"""Mail comes in by LMTP (RFC 2033) or IMAP: read, hand on, and only then say 250 or mark it seen."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session

from channels.contract import Inbound
from channels.email.hooks import mail_hook
from outreach import conversations
from outreach.context import Context
from outreach.errors import OutreachError
from outreach.messages import receipts
from outreach.web import imap

log = structlog.get_logger()

#: Larger mail is refused for good: nobody's answer is that long.
LARGEST = 25_000_000


class ListenError(OutreachError):
    """OUTREACH_LMTP_LISTEN must be host:port."""


async def take(context: Context, raw: bytes, *, recipient: str, sender: str, door: str) -> None:
    """One mail, in one transaction: its receipts and words. Raises when it could not be kept."""
    adapter = context.channels["email"]
    hook = mail_hook(raw, recipient=recipient, sender=sender, door=door)
    adapter.verify(hook)
    async with context.session() as session:
        for event in adapter.parse(hook):
            if isinstance(event, Inbound):
                await conversations.receive(session, event, context=context, channel="email", now=context.now())
            else:
                await receipts.take(session, event, channel="email", now=context.now())


class _Handler:
    """aiosmtpd's hooks: one answer per recipient, 250 only after the commit."""

    def __init__(self, context: Context) -> None:
        self.context = context

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        raw = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        try:
            for recipient in envelope.rcpt_tos:
                await take(self.context, raw, recipient=recipient, sender=envelope.mail_from or "", door="LMTP")
        except Exception:  # whatever it was, the mail is not kept: the sender must try again
            log.exception("mail_not_kept")
            return "451 4.3.0 Not kept; try again later"
        return "250 2.0.0 Kept"


@contextlib.asynccontextmanager
async def listening(context: Context) -> AsyncIterator[None]:
    """An LMTP server, and a reader of the IMAP mailbox, for as long as the block lasts, where they are configured."""
    if "email" not in context.channels:
        yield
        return
    async with contextlib.AsyncExitStack() as open_doors:
        if context.settings.lmtp_listen:
            await open_doors.enter_async_context(_lmtp(context))
        if context.settings.imap_url.get_secret_value():

            async def taken(raw: bytes) -> None:
                await take(context, raw, recipient="", sender="", door="IMAP")

            reader = asyncio.create_task(imap.follow(context, taken))
            open_doors.callback(reader.cancel)
        yield


@contextlib.asynccontextmanager
async def _lmtp(context: Context) -> AsyncIterator[None]:
    host, _, port = context.settings.lmtp_listen.rpartition(":")
    if not host or not port.isdecimal():
        raise ListenError
    loop = asyncio.get_running_loop()
    handler = _Handler(context)

    def protocol() -> LMTP:
        return LMTP(
            handler, data_size_limit=LARGEST, enable_SMTPUTF8=True, decode_data=False, loop=loop, ident="outreach"
        )

    server = await loop.create_server(protocol, host, int(port))
    try:
        yield
    finally:
        server.close()
