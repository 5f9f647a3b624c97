"""A message as the bytes that go over the wire: multipart/alternative, text first. Checked against the stdlib."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parseaddr

from channels.contract import Outgoing
from channels.email import headers

NEWLINE = re.compile(r"\r\n|\r|\n")
ABOVE_ASCII = bytes(range(127, 256))
#: larger mail is cut by Gmail and looks like an advertisement
LARGEST_HTML = 100_000
#: of a long exchange the newest are enough to find the thread
MOST_REFERENCES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    display: str
    address: str
    domain: str  #: of Message-IDs and of the addresses that carry a token

    @classmethod
    def parse(cls, mail_from: str, *, domain: str = "") -> Sender:
        """From `Name <address>`."""
        display, address = parseaddr(mail_from)
        return cls(display=display, address=address, domain=domain or address.rpartition("@")[2])


def message_id(message: Outgoing, *, domain: str) -> str:
    """The same for every attempt."""
    return f"<{message.message_id}@{domain}>"


def build(message: Outgoing, *, sender: Sender, date: datetime) -> bytes:
    """CRLF line ends, ASCII only, no line over 76 octets but addresses and links. Raises HeaderRefused."""
    body = _alternative(message) if message.html else _part("plain", message.text)
    return b"".join((*_head(message, sender, date), *_unsubscribe(message, sender), b"MIME-Version: 1.0\r\n", body))


def _head(message: Outgoing, sender: Sender, date: datetime) -> list[bytes]:
    kind = "auto-replied" if message.auto_reply else "auto-generated"
    lines = [
        headers.mailbox("From", sender.display, sender.address),
        headers.raw("To", message.to),
        headers.field("Subject", message.subject),
        headers.raw("Date", format_datetime(date)),
        headers.raw("Message-ID", message_id(message, domain=sender.domain)),
        headers.raw("Auto-Submitted", kind),
        headers.raw("Feedback-ID", f"{kind}:outreach:{sender.domain}"),
    ]
    if message.reply_to:
        lines.append(headers.raw("Reply-To", message.reply_to))
    return lines + _thread(message)


def _thread(message: Outgoing) -> list[bytes]:
    """RFC 5322 3.6.4: the mail this answers, and those that one answered. Only well-formed ids: strangers wrote them."""
    parent = headers.IDS.findall(message.in_reply_to.rpartition("#")[0] or message.in_reply_to)
    if not parent:
        return []
    before = headers.IDS.findall(message.references)[-MOST_REFERENCES:]
    listed = " ".join(dict.fromkeys((*before, parent[0])))
    return [headers.raw("In-Reply-To", parent[0]), headers.folded("References", listed)]


def _unsubscribe(message: Outgoing, sender: Sender) -> list[bytes]:
    """RFC 2369 and RFC 8058; the token is the last piece of the one-click address."""
    url = message.unsubscribe_url
    if not url:
        return []
    token = url.rpartition("/")[2].partition("?")[0]
    by_mail = f", <mailto:unsub+{token}@{sender.domain}>" if re.fullmatch(r"[A-Za-z0-9_-]{8,64}", token) else ""
    one_click = headers.raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click") if url.startswith("https:") else b""
    return [headers.raw("List-Unsubscribe", f"<{url}>{by_mail}"), one_click]


def _alternative(message: Outgoing) -> bytes:
    # "=_" cannot stand in quoted-printable and "_" not in base64: no part can hold the boundary
    boundary = f"=_{message.message_id.hex}"
    mark = f"--{boundary}".encode()
    head = f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'.encode()
    parts = (_part("plain", message.text), _part("html", message.html))
    return head + b"".join(mark + b"\r\n" + part for part in parts) + mark + b"--\r\n"


def _part(subtype: str, text: str) -> bytes:
    """Quoted-printable while most of it is readable that way, else base64: the smaller and the safer of the two."""
    data = NEWLINE.sub("\n", text).encode("utf-8", "replace")
    data += b"" if data.endswith(b"\n") else b"\n"
    if (len(data) - len(data.translate(None, ABOVE_ASCII))) * 6 < len(data):
        name, coded = "quoted-printable", binascii.b2a_qp(data, istext=True).replace(b"\n", b"\r\n")
    else:
        name, coded = "base64", base64.encodebytes(data.replace(b"\n", b"\r\n")).replace(b"\n", b"\r\n")
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: {name}\r\n\r\n"
    return head.encode() + coded
