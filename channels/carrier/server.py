"""The carrier itself: two servers on loopback, the people behind them, and the ledger."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from channels.carrier import delivery, lmtp, mailbox
from channels.carrier.control import Control
from channels.carrier.faults import Dice, Fault, Faults, Rule
from channels.carrier.ledger import Ledger
from channels.carrier.mailbox import Mail, Mailboxes
from channels.carrier.rest import Rest
from channels.carrier.smtp import Greylist, Session
from channels.carrier.texts import API_VERSION, CONFIRMATIONS, Text, Texts
from channels.carrier.webhooks import Webhooks

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The one customer of the carrier. Secrets of a loopback server, no one else's."""

    sid: str = "AC00000000000000000000000000000001"
    token: str = "local-carrier-token"  # noqa: S105
    service_sid: str = "MG00000000000000000000000000000001"
    numbers: tuple[str, ...] = ("+14155550100", "+14155550101", "+14155550102")


class Carrier:
    """`async with Carrier() as carrier:` listens on free ports unless told which.

    `webhook_url` is where people's texts go (our `/hooks/sms`), `lmtp` where their mail goes; both may be set later.
    `stop_handling`: the carrier answers STOP, START and HELP itself and refuses later sends, as US carriers do.
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
        self.account = account or Account()
        self.ledger = Ledger(ledger)
        self.texts, self.mailboxes, self.greylist = Texts(), Mailboxes(), Greylist()
        self.dice = Dice(faults or Faults())
        self.webhook_url, self.lmtp, self.stop_handling = webhook_url, lmtp, stop_handling
        self._ports = (port, smtp_port)
        self._tasks: set[asyncio.Task[Any]] = set()
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
        app.add_routes([*Rest(self).routes(), *Control(self).routes()])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, self._ports[0], backlog=1024)
        await site.start()
        self._smtp = await asyncio.start_server(self._mail_session, LOOPBACK, self._ports[1], backlog=1024)
        self._ports = (self._runner.addresses[0][1], self._smtp.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._smtp.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._runner.cleanup()
        await self.webhooks.close()
        self.ledger.close()

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Work that outlives the request it came from and ends with the carrier."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Wait until every callback, bounce and delivery under way is done."""
        while pending := {task for task in self._tasks if task not in self._sessions}:
            await asyncio.wait(pending)

    def set_faults(self, faults: Faults) -> None:
        self.dice = Dice(faults)

    def deliver(self, text: Text, rule: Rule | None) -> None:
        self.texts.add(text)
        self.spawn(delivery.travel(self, text, rule))

    def take_mail(self, mail: Mail, rule: Rule | None) -> None:
        if rule and rule.fault is Fault.BOUNCE:
            self.spawn(self._bounce(mail, rule))
        else:
            self.mailboxes.add(mail)

    async def debtor_texts(self, *, from_: str, body: str, to: str = "", media: tuple[str, ...] = ()) -> int:
        """A person writes a text. The status our webhook answered, 0 when it is not there.

        A STOP, START or HELP is answered by the carrier itself unless `stop_handling` is off.
        """
        number = to or self._heard_from(from_)
        text = Text(
            account_sid=self.account.sid, to=number, sender=from_, body=body, direction="inbound", status="received"
        )
        text.sent_at = text.created_at
        self.texts.add(text)
        word = self.texts.keyword(body, from_) if self.stop_handling else ""
        self.ledger.add(
            started_at=text.created_at,
            kind="inbound_sms",
            outcome="accepted",
            to=number,
            sender=from_,
            body=body,
            id=text.sid,
        )
        if word:
            self._keyword(word, phone=from_, number=number)
        if not self.webhook_url:
            return 0
        return await self.webhooks.post(self.webhook_url, self._inbound_fields(text, word, media))

    async def debtor_mails(
        self, *, from_: str, to: str, text: str = "", subject: str = "", in_reply_to: str = "", raw: bytes = b""
    ) -> int:
        """A person writes a mail; `raw` is taken as it is. The LMTP code of our mail server, 0 when it is not there."""
        started_at = datetime.now(UTC)
        body = raw or mailbox.compose(sender=from_, to=to, text=text, subject=subject, in_reply_to=in_reply_to)
        mail = Mail(sender=from_, to=to, raw=body, direction="written")
        self.mailboxes.add(mail)
        self.ledger.add(
            started_at=started_at, kind="inbound_mail", outcome="accepted", to=to, sender=from_, body=text, id=mail.id
        )
        return await lmtp.deliver(self.lmtp, sender=from_, to=to, raw=body) if self.lmtp else 0

    def _heard_from(self, phone: str) -> str:
        """The number that wrote to this person last: what pressing "reply" means."""
        got = [t for t in self.texts.by_phone.get(phone, ()) if t.direction != "inbound"]
        return got[-1].sender if got else self.account.numbers[0]

    def _keyword(self, word: str, *, phone: str, number: str) -> None:
        if word == "STOP":
            self.texts.blocked.add(phone)
        elif word == "START":
            self.texts.blocked.discard(phone)
        confirmation = CONFIRMATIONS[word]
        self.texts.add(
            Text(
                account_sid=self.account.sid,
                to=phone,
                sender=number,
                body=confirmation,
                direction="outbound-reply",
                status="delivered",
            )
        )

    def _inbound_fields(self, text: Text, word: str, media: tuple[str, ...]) -> dict[str, str]:
        fields = {
            "MessageSid": text.sid,
            "SmsSid": text.sid,
            "SmsMessageSid": text.sid,
            "AccountSid": text.account_sid,
            "MessagingServiceSid": self.account.service_sid,
            "From": text.sender,
            "To": text.to,
            "Body": text.body,
            "NumMedia": str(len(media)),
            "NumSegments": "1",
            "SmsStatus": "received",
            "ApiVersion": API_VERSION,
            "FromCountry": "US",
        }
        if word:
            fields["OptOutType"] = word
        return fields | {f"MediaUrl{i}": url for i, url in enumerate(media)}

    async def _bounce(self, mail: Mail, rule: Rule) -> None:
        await asyncio.sleep(rule.seconds)
        if self.lmtp and mail.sender:
            report = mailbox.bounce(mail, status=rule.status_code, reason=rule.reason)
            await lmtp.deliver(self.lmtp, sender="", to=mail.sender, raw=report)

    async def _mail_session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._tasks.add(task)
        self._sessions.add(task)
        # asyncio.streams reports a cancelled session as a fault; ours are cancelled when the carrier ends
        with contextlib.suppress(asyncio.CancelledError):
            await Session(self, reader, writer).run()
        writer.close()
        self._tasks.discard(task)
        self._sessions.discard(task)
