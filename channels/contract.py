"""What every channel is, in one page. A channel speaks; it decides nothing.

A channel is a folder with a `channel.py` that exposes a class named `Adapter` implementing `Channel`.
Nothing here knows of debts, consent or the database.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

import msgspec

#: the service's clock, handed to an adapter when it is built; aware UTC
Clock = Callable[[], datetime]


async def always() -> bool:
    """The permission of a message that nobody may take back."""
    return True


def utc_now() -> datetime:
    """The world's clock, for whoever has no clock of its own to hand over."""
    return datetime.now(UTC)


class Medium(StrEnum):
    """What rules read. Never a channel's name."""

    SMS = "sms"
    EMAIL = "email"
    VOICE = "voice"
    MAIL = "mail"
    WEB = "web"


class ReceiptState(StrEnum):
    """One vocabulary for provider news, ranked: a lower rank never overwrites a higher one (see `rank`)."""

    #: The provider took responsibility; nothing more is known.
    ACCEPTED = "accepted"
    #: In the provider's queue.
    QUEUED = "queued"
    #: On its way to the carrier or the next relay.
    SENDING = "sending"
    #: Left the provider; final where carriers give no receipts.
    SENT = "sent"
    #: Did not arrive, or was refused after acceptance.
    FAILED = "failed"
    #: The handset or mailbox took it.
    DELIVERED = "delivered"
    READ = "read"

    @property
    def rank(self) -> int:
        return {"accepted": 0, "queued": 1, "sending": 2, "sent": 3, "failed": 5, "delivered": 6, "read": 7}[self.value]


class FailureClass(StrEnum):
    """What a failure means for us (channel-facts 1.9, 2.7)."""

    PERM_ADDR = "perm_addr"  #: this address is dead for this medium; ask for another
    OPT_OUT = "opt_out"  #: the provider says the person opted out
    TEMP = "temp"  #: may be tried again later, inside the window
    THROTTLE = "throttle"  #: slow down, the same message later
    CONTENT = "content"  #: this wording is refused; stop the template
    SENDER = "sender"  #: our account or sender; stop the lane and page the owner
    NOT_SENT = "not_sent"  #: certainly not sent; plan anew in the next window
    BUG = "bug"  #: our defect


class Outgoing(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One message to one address, rendered and final. `text` is what the person reads; email adds subject and html."""

    message_id: UUID  #: stable for ever; in the callback URL, the Message-ID, the VERP address
    attempt: int  #: 1, 2, ...
    to: str  #: normalised address
    text: str
    subject: str = ""
    html: str = ""
    callback_url: str = ""  #: where receipts for this attempt go; "" where the medium has none
    expires_at: datetime | None = None  #: aware; the provider must not deliver later (SMS ValidityPeriod)
    unsubscribe_url: str = ""  #: RFC 8058 one-click address (email)
    reply_to: str = ""  #: address whose local part carries the reply token (email)
    envelope_from: str = ""  #: VERP bounce address, "" = adapter's default
    in_reply_to: str = ""  #: provider id of the message this answers, as `Inbound` gave it
    references: str = ""  #: Message-IDs of the mails before it, oldest first (email)
    auto_reply: bool = False  #: a machine's answer to a person (RFC 3834)
    #: asked just before the first byte, after any wait for a connection, and again before a later step that could still
    #: be left out; it renews a permission that ran out. False = raise `Busy`, nothing left
    may_start: Callable[[], Awaitable[bool]] = always


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """ACCEPTED: the provider said yes."""

    provider_id: str  #: Message SID, or our Message-ID for SMTP
    segments: int = 1
    raw: Mapping[str, Any] = msgspec.field(default_factory=dict)


class SendError(Exception):
    """One family; each kind says what to do next. `code` is the provider's, `reason` one human sentence."""

    def __init__(self, reason: str, *, code: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class Busy(SendError):  # noqa: N818  # says what to do next
    """Certainly not processed; try the same message again after `after`.

    `everyone`: the provider as a whole is busy. `system`: the recipient's system is, for all its people (see `scope_of`).
    """

    def __init__(
        self, reason: str, *, after: timedelta, code: str = "", everyone: bool = False, system: bool = False
    ) -> None:
        super().__init__(reason, code=code)
        self.after = after
        self.everyone = everyone
        self.system = system


class Refused(SendError):  # noqa: N818  # says what to do next
    """Certainly not sent. `failure` says what it means for address, template or sender."""

    def __init__(self, reason: str, *, failure: FailureClass, code: str = "") -> None:
        super().__init__(reason, code=code)
        self.failure = failure


class OptedOut(SendError):  # noqa: N818  # says what to do next
    """The provider refuses because the person opted out there; write it to the ledger."""


class Unsure(SendError):  # noqa: N818  # says what to do next
    """Nobody knows whether it left. Never repeated by itself; the reconciler asks the provider."""


class Misconfigured(SendError):  # noqa: N818  # says what to do next
    """Our settings or credentials are wrong. Nothing left; the lane stops until someone mends it."""


class MediaRefused(SendError):  # noqa: N818  # says what to do next
    """A file will not be fetched: not the provider's, too large, or gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Provider news about one message. `event_key` makes a repeat recognisable."""

    provider_id: str
    state: ReceiptState
    event_key: str
    message_id: UUID | None = None  #: ours, from the callback URL or VERP address, when carried
    attempt: int | None = None
    failure: FailureClass | None = None
    code: str = ""
    reason: str = ""
    address: str = ""  #: who bounced or complained, when the report names them
    complaint: bool = False
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """Words from a person. `provider_id` is unique per message; a repeat is the same message."""

    provider_id: str
    sender: str  #: normalised address
    to: str  #: the address of ours it was sent to
    text: str  #: what the person newly wrote; NUL removed, capped
    full_text: str = ""  #: with quotes and signature
    subject: str = ""
    in_reply_to: Sequence[str] = ()  #: Message-IDs or provider ids this answers, best evidence first
    token: str = ""  #: reply token from the plus address, when present
    kind: str = "reply"  #: reply | auto_reply | challenge | read_receipt | delivery_receipt | spam | malformed
    opt_out_type: str = ""  #: the provider's own reading: STOP | START | HELP | ""
    attachments: Sequence[Attachment] = ()
    received_at: datetime | None = None
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    name: str
    content_type: str
    content: bytes = b""
    url: str = ""  #: where a provider keeps it, not fetched yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One HTTP request (or mail) from a provider, as bytes. `url` is built from PUBLIC_URL + raw path and query."""

    method: str
    url: str
    headers: Mapping[str, str]  #: lower-case names
    body: bytes
    form: Any = None  #: starlette FormData when form encoded, repeated keys kept


class Forged(Exception):  # noqa: N818  # a finding, not a fault
    """The request is not from the provider: answer 403, change nothing."""


@runtime_checkable
class Channel(Protocol):
    """Four verbs. Built inside the running event loop, closed with `aclose()`."""

    name: str  #: "sms"; unique, the folder's name
    label: str  #: "Text message"
    medium: Medium

    def normalize(self, address: str) -> str:
        """The canonical form of an address. Raises ValueError with one sentence for the person typing it."""

    async def send(self, message: Outgoing) -> Sent:
        """Hand one message to the provider. Raises the SendError family, nothing else."""

    @staticmethod
    def units(text: str) -> int:
        """What the text costs the lane's rate: segments for SMS, 1 elsewhere."""

    def verify(self, hook: Hook) -> None:
        """Raise `Forged` unless the request is the provider's own."""

    def parse(self, hook: Hook) -> Sequence[Receipt | Inbound]:
        """Every event in the request, each handled on its own. Unknown fields are ignored, never fatal."""

    async def aclose(self) -> None: ...


@runtime_checkable
class Keeping(Protocol):
    """A channel whose provider keeps the files people send (`Attachment.url`)."""

    async def fetch_media(self, url: str) -> bytes:
        """The file. Raises MediaRefused for good, another SendError when it may be there later."""


@runtime_checkable
class Askable(Protocol):
    """A channel whose provider keeps a log that can be asked. What the reconciler and the catch-up job use.

    Every verb raises the SendError family when the provider could not be asked; None: it was asked and knows nothing.
    """

    async def lookup(
        self,
        *,
        message_id: UUID,
        to: str,
        since: datetime,
        body: str,
        until: datetime | None = None,
        known: Collection[str] = (),
    ) -> Receipt | None:
        """What became of an attempt that began at `since` (aware) and whose provider id we never saw.

        It cannot have been made after `until`; `known` ids belong to other messages with the same words.
        """

    async def fetch(self, provider_id: str) -> Receipt | None:
        """The state of a message the provider accepted; used where its callbacks were lost."""

    async def inbound_since(self, since: datetime) -> Sequence[Inbound]:
        """Everything people wrote to us since then, repeats of what the hook brought included."""
