"""What a received mail is, in one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from channels.contract import Attachment

#: every kind a mail can be of
KINDS = (
    "reply",  # words from a person
    "auto_reply",  # a machine of the person's: out of office, ticket system
    "bounce_hard",  # the address is dead
    "bounce_soft",  # not delivered, for any other reason
    "complaint",  # the person pressed "this is spam"
    "challenge",  # prove that you are human before your mail is delivered
    "read_receipt",
    "delivery_receipt",
    "malformed",  # breaks the mail standards
    "spam",  # bulk or list mail from strangers
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One recipient a report speaks of."""

    address: str
    hard: bool
    status: str = ""  #: enhanced status code (RFC 3463)
    reply: int = 0
    reason: str = ""  #: the mail system's own words, shortened
    delayed: bool = False  #: the system goes on trying


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    kind: str
    text: str  #: only what the person newly wrote
    full_text: str = ""  #: with quotes and signature
    subject: str = ""
    subject_text: str = ""  #: the subject when the request is there
    lang: str = ""
    failures: Sequence[Failure] = ()
    complainers: Sequence[str] = ()
    attachments: Sequence[Attachment] = ()
    problems: Sequence[str] = ()
    sender: str = ""  #: address of From
    message_id: str = ""
    answers: Sequence[str] = ()  #: Message-IDs, best evidence first
    recipients: Sequence[str] = ()  #: addresses of ours it may have been sent to, best evidence first
    original: Mapping[str, str] = field(default_factory=dict)  #: headers of the mail a report returns

    @property
    def bounced(self) -> list[str]:
        return [*dict.fromkeys(f.address for f in self.failures if f.hard), *self.complainers]

    @property
    def soft_bounced(self) -> list[str]:
        return list(dict.fromkeys(f.address for f in self.failures if not f.hard))
