"""Mail as the carrier keeps it: what lies in people's mailboxes, and the reports a relay sends back."""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any


@dataclass(slots=True, kw_only=True)
class Mail:
    """One mail in a person's mailbox, sent to them or by them."""

    sender: str  #: envelope sender
    to: str
    raw: bytes
    direction: str = "received"  #: received | written
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def opened(self) -> dict[str, Any]:
        """What a mail program shows."""
        message = message_from_bytes(self.raw, policy=policy.default)
        text, html = message.get_body(("plain",)), message.get_body(("html",))
        return {
            "id": self.id,
            "at": self.at.isoformat(),
            "direction": self.direction,
            "envelope_from": self.sender,
            "to": self.to,
            "from": str(message["From"] or ""),
            "reply_to": str(message["Reply-To"] or message["From"] or ""),
            "subject": str(message["Subject"] or ""),
            "message_id": str(message["Message-ID"] or "").strip(),
            "text": str(text.get_content()) if text else "",
            "html": str(html.get_content()) if html else "",
            "headers": [[name, str(value)] for name, value in message.items()],
        }


class Mailboxes:
    def __init__(self) -> None:
        self.by_address: defaultdict[str, list[Mail]] = defaultdict(list)
        self.by_id: dict[str, Mail] = {}

    def add(self, mail: Mail) -> None:
        self.by_id[mail.id] = mail
        self.by_address[(mail.sender if mail.direction == "written" else mail.to).lower()].append(mail)


class Greylist:
    """Whom the server has turned away once already."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def first(self, key: str) -> bool:
        new = key not in self._seen
        self._seen.add(key)
        return new


def bounce(mail: Mail, *, status: str, reason: str, host: str = "mx.carrier.invalid") -> bytes:
    """The report (RFC 3464) a relay sends to the envelope sender when it cannot deliver what it accepted."""
    failed = status.startswith("5")
    original = message_from_bytes(mail.raw, policy=policy.default)
    headers = mail.raw.split(b"\r\n\r\n", 1)[0].decode("ascii", "replace")
    boundary = f"report-{secrets.token_hex(8)}"
    said = reason or "The address could not be reached."
    parts = [
        "Content-Type: text/plain; charset=us-ascii\r\n\r\n"
        f"This is the mail system at host {host}.\r\n\r\n<{mail.to}>: {status} {said}\r\n",
        "Content-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; {host}\r\nArrival-Date: {format_datetime(mail.at)}\r\n\r\n"
        f"Final-Recipient: rfc822; {mail.to}\r\nAction: {'failed' if failed else 'delayed'}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {status[0]}50 {status} {said}\r\n",
        f"Content-Type: text/rfc822-headers\r\n\r\n{headers}\r\n",
    ]
    head = (
        f"From: Mail Delivery System <MAILER-DAEMON@{host}>\r\nTo: {mail.sender}\r\n"
        f"Subject: {'Undelivered Mail Returned to Sender' if failed else 'Delayed Mail'}\r\n"
        f"Date: {format_datetime(datetime.now(UTC))}\r\nMessage-ID: <{secrets.token_hex(12)}@{host}>\r\n"
        f"In-Reply-To: {original['Message-ID'] or ''}\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"\r\n\r\n'
    )
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return f"{head}{body}--{boundary}--\r\n".encode("ascii", "replace")


def compose(*, sender: str, to: str, text: str, subject: str, in_reply_to: str = "") -> bytes:
    """A mail as a person's mail program writes it."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{secrets.token_hex(12)}@{sender.rpartition('@')[2]}>"
    if in_reply_to:
        message["In-Reply-To"] = message["References"] = in_reply_to
    message.set_content(text)
    return message.as_bytes()
