"""The carrier itself: an HTTP and an SMTP server on loopback before one network of people."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from channels.carrier.control import Control
from channels.carrier.faults import Faults
from channels.carrier.network import Account, Network
from channels.carrier.rest import Rest
from channels.carrier.smtp import Session
from channels.carrier.webhooks import Webhooks

LOOPBACK = "127.0.0.1"


class Carrier(Network):
    """`async with Carrier() as carrier:` listens on free ports unless told which.

    `webhook_url` is our `/hooks/sms`; it, `lmtp` and `stop_handling` may be set while it runs.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        smtp_port: int = 0,
        ledger: Path | None = None,
        faults: Faults | None = None,
        webhook_url: str = "",
        lmtp: tuple[str, int] | None = None,
        account: Account | None = None,
        stop_handling: bool = True,
    ) -> None:
        super().__init__(
            account=account or Account(),
            ledger=ledger,
            faults=faults or Faults(),
            webhook_url=webhook_url,
            lmtp=lmtp,
            stop_handling=stop_handling,
        )
        self._ports = (port, smtp_port)
        self._sessions: set[asyncio.Task[Any]] = set()

    @property
    def http_url(self) -> str:
        return f"http://{LOOPBACK}:{self._ports[0]}"

    @property
    def smtp_port(self) -> int:
        return self._ports[1]

    @property
    def values(self) -> dict[str, str]:
        """The settings that make the service use this carrier, named as the channels read them."""
        return {
            "twilio_account_sid": self.account.sid,
            "twilio_auth_token": self.account.token,
            "twilio_messaging_service_sid": self.account.service_sid,
            "twilio_base_url": self.http_url,
            "smtp_url": f"smtp://{LOOPBACK}:{self.smtp_port}",
        }

    async def __aenter__(self) -> Self:
        self.webhooks = Webhooks(self.account.token)
        app = web.Application(client_max_size=1_000_000)
        app.add_routes([*Rest(self).routes(), *Control(self, about=self.about).routes()])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, self._ports[0], backlog=1024).start()
        self._smtp = await asyncio.start_server(self._mail_session, LOOPBACK, self._ports[1], backlog=1024)
        self._ports = (self._runner.addresses[0][1], self._smtp.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._smtp.close()
        pending = [*self.tasks, *self._sessions]
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        await self._runner.cleanup()
        await self.webhooks.close()
        self.ledger.close()

    def about(self) -> dict[str, Any]:
        """Where it listens and what it holds."""
        return {
            "http_url": self.http_url,
            "smtp_port": self.smtp_port,
            "webhook_url": self.webhook_url,
            "lmtp": ":".join(map(str, self.lmtp)) if self.lmtp else "",
            "stop_handling": self.stop_handling,
            "texts": len(self.texts.by_sid),
            "mails": len(self.mailboxes.by_id),
        }

    async def _mail_session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._sessions.add(task)
        # asyncio.streams reports a cancelled session as a fault; ours are cancelled when the carrier ends
        with contextlib.suppress(asyncio.CancelledError):
            await Session(self, reader, writer).run()
        writer.close()
        self._sessions.discard(task)
