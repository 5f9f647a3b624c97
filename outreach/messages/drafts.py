"""What someone wants to say: the one shape every door hands to the outbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A wish to say something to one person. Either a `template` with values, or final `text` (a dialog's, a case manager's)."""

    debtor_id: int
    #: sms | email | web | preferred
    channel: str
    #: the `kind` list of decision-cases.yaml, or our own: plan_confirmation, payment_received, sign_in_code, ...
    purpose: str = "campaign"
    template: str = ""
    values: Mapping[str, Any] = msgspec.field(default_factory=dict)
    text: str = ""
    subject: str = ""
    #: the debts it is about; empty: the person's open ones with the first creditor
    account_ids: Sequence[int] = ()
    #: of our own stored inbound message, for replies
    in_reply_to: UUID | None = None
    #: use exactly this number or mailbox (a reply goes where the question came from)
    contact_point_id: int | None = None
    language: str | None = None
    campaign_id: int | None = None
    step: int | None = None
    staff_id: int | None = None
    case_id: int | None = None
    not_before: datetime | None = None
    #: too late to matter; default 24 hours after it is due
    expires_at: datetime | None = None
    #: lower leaves first: 0 replies and codes, 5 notices, 9 campaigns
    priority: int | None = None
    #: notices a dialog's text carries: D1, D2, D3, D4
    notices: Sequence[str] = ()
    #: the text tells something about a debt
    about_debt: bool = True
    #: the text only acknowledges what was heard
    acknowledgement: bool = False
    #: an answer to words of self-harm: help and nothing else
    crisis: bool = False


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a draft. A refusal is an answer, not an exception."""

    debtor_id: int
    message_id: UUID | None
    #: queued | denied
    status: str
    #: allow | defer | deny
    decision: str
    #: when it may leave (deferred), else None
    earliest_at: datetime | None
    #: rule id and sentence of each finding that speaks against now
    reasons: Sequence[tuple[str, str]]
    channel: str
    text: str = ""

    @property
    def code(self) -> str:
        return self.reasons[0][0] if self.reasons else ""

    @property
    def reason(self) -> str:
        return self.reasons[0][1] if self.reasons else ""
