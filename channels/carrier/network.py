"""What is behind the carrier's two doors: the people, their telephones and mailboxes, the ledger and the dice."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from channels.carrier import lmtp, mailbox
from channels.carrier.faults import Dice, Fault, Faults, Rule
from channels.carrier.ledger import Ledger
from channels.carrier.mailbox import Greylist, Mail, Mailboxes
from channels.carrier.texts import API_VERSION, CONFIRMATIONS, Text, Texts
from channels.carrier.webhooks import Webhooks


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The one customer of the carrier. Secrets of a loopback server, no one else's."""

    sid: str = "AC00000000000000000000000000000001"
    token: str = "local-carrier-token"  # noqa: S105
    service_sid: str = "MG00000000000000000000000000000001"
    numbers: tuple[str, ...] = ("+14155550100", "+14155550101", "+14155550102")


class Network:
    """Everything but the listening. `webhook_url` is where people's texts go, `lmtp` where their mail goes.

    `stop_handling`: the carrier answers STOP, START and HELP itself and refuses later sends, as US carriers do.
    """

    webhooks: Webhooks

    def __init__(
        self,
        *,
        account: Account,
        ledger: Path | None,
        faults: Faults,
        webhook_url: str,
        lmtp: tuple[str, int] | None,
        stop_handling: bool,
    ) -> None:
        self.account, self.ledger, self.dice = account, Ledger(ledger), Dice(faults)
        self.texts, self.mailboxes, self.greylist = Texts(), Mailboxes(), Greylist()
        self.webhook_url, self.lmtp, self.stop_handling = webhook_url, lmtp, stop_handling
        self.tasks: set[asyncio.Task[Any]] = set()
        #: messages whose sender waits for the verdict
        self.waiting = 0

    @contextmanager
    def judging(self) -> Iterator[None]:
        """While a verdict is being made."""
        self.waiting += 1
        try:
            yield
        finally:
            self.waiting -= 1

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Work that outlives the request it came from and ends with the carrier."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def settle(self) -> None:
        """Wait until every callback, bounce and delivery under way is done."""
        while self.tasks:
            await asyncio.wait(self.tasks)

    def set_faults(self, faults: Faults) -> None:
        self.dice = Dice(faults)

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
