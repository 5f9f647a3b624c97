"""Text messages as the carrier knows them: the log it can be asked for, and the people who opted out."""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

API_VERSION = "2010-04-01"
OPT_OUT = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
OPT_IN = frozenset({"START", "UNSTOP", "YES"})
HELP = frozenset({"HELP", "INFO"})
CONFIRMATIONS = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


@dataclass(slots=True, kw_only=True)
class Text:
    """One message in either direction, shaped like Twilio's Message resource."""

    account_sid: str
    to: str
    sender: str
    body: str
    direction: str  #: outbound-api | inbound | outbound-reply (the carrier's own confirmation)
    status: str
    service_sid: str = ""
    callback: str = ""
    validity: float = 36_000  #: seconds
    error_code: int | None = None
    sid: str = field(default_factory=lambda: f"SM{secrets.token_hex(16)}")
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    sent_at: datetime | None = None

    def resource(self) -> dict[str, Any]:
        path = f"/{API_VERSION}/Accounts/{self.account_sid}/Messages/{self.sid}"
        created = format_datetime(self.created_at)
        return {
            "account_sid": self.account_sid,
            "api_version": API_VERSION,
            "body": self.body,
            "date_created": created,
            "date_sent": format_datetime(self.sent_at) if self.sent_at else None,
            "date_updated": created,
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": None,
            "from": self.sender or None,
            "messaging_service_sid": self.service_sid or None,
            "num_media": "0",
            "num_segments": "0" if self.status == "accepted" else "1",
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{path}/Media.json"},
            "to": self.to,
            "uri": f"{path}.json",
        }


class Texts:
    """The carrier's log of messages, newest last."""

    def __init__(self) -> None:
        self.by_sid: dict[str, Text] = {}
        self.by_phone: defaultdict[str, list[Text]] = defaultdict(list)
        self.blocked: set[str] = set()  #: people who texted STOP; one Messaging Service, so the whole service is meant

    def add(self, text: Text) -> None:
        """`by_phone` keeps the debtor's telephone: what they got and what they wrote."""
        self.by_sid[text.sid] = text
        self.by_phone[text.sender if text.direction == "inbound" else text.to].append(text)

    def find(self, *, to: str = "", sender: str = "") -> list[Text]:
        """Newest first, as Twilio lists them."""
        known = self.by_phone.get(to) if to in self.by_phone else None
        pool = known if known is not None else list(self.by_sid.values())
        return [t for t in reversed(pool) if (not to or t.to == to) and (not sender or t.sender == sender)]

    def keyword(self, body: str, phone: str) -> str:
        """STOP, START, HELP or "": single words only, as the carrier reads them; "YES" opts in only who opted out."""
        word = body.strip().strip(".!").upper()
        if word in OPT_OUT:
            return "STOP"
        if word in OPT_IN and (word != "YES" or phone in self.blocked):
            return "START"
        return "HELP" if word in HELP else ""
