"""A debt, its validation information and what was disputed of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from outreach.compliance.facts.base import Fact


class Validation(Fact, frozen=True, kw_only=True):
    """The validation information of 12 CFR 1006.34 as it was provided."""

    provided_at: datetime | None = None
    method: Literal["mail", "email"] = "mail"
    undeliverable_at: datetime | None = None
    period_end: date | None = None  #: the end date the notice states


class Verification(Fact, frozen=True, kw_only=True):
    sent_at: datetime | None = None
    method: Literal["mail", "email"] = "mail"
    esign_consent: bool | None = None
    undeliverable_at: datetime | None = None


class Duplicative(Fact, frozen=True, kw_only=True):
    same_as: str
    new_material_information: bool | None = None
    notice_sent_at: datetime | None = None
    notice_has_reasons: bool = False
    notice_refers_to_earlier: bool = False


class Dispute(Fact, frozen=True, kw_only=True):
    id: str = ""
    received_at: datetime | None = None  #: not known: received in time
    via: Literal["email", "portal", "mail", "sms", "voice"] = "mail"
    in_writing: bool = True
    scope: Literal["all", "portion"] = "all"
    amount: Decimal | None = None  #: the disputed part
    verification: Verification | None = None
    duplicative: Duplicative | None = None


class OriginalCreditorRequest(Fact, frozen=True, kw_only=True):
    received_at: datetime | None = None  #: not known: received in time
    in_writing: bool = True
    answered_at: datetime | None = None


class Debt(Fact, frozen=True, kw_only=True):
    id: str
    type: str = ""
    consumer_financial_product: bool | None = None
    balance: Decimal | None = None
    status: Literal["open", "paid", "settled", "closed"] = "open"
    time_barred: bool | None = None
    initial_communication_at: datetime | None = None
    validation: Validation | None = None
    disputes: tuple[Dispute, ...] = ()
    original_creditor_requests: tuple[OriginalCreditorRequest, ...] = ()
    identity_theft_notified_at: datetime | None = None
