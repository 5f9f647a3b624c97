"""A debt, its validation information and what was disputed of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """The validation information of 12 CFR 1006.34 as it was provided."""

    provided_at: datetime | None = None
    method: Literal["mail", "email"] = "mail"
    undeliverable_at: datetime | None = None
    period_end: date | None = None  #: the end date the notice states


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    sent_at: datetime | None = None
    method: Literal["mail", "email"] = "mail"
    esign_consent: bool | None = None
    undeliverable_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicative:
    same_as: str
    new_material_information: bool | None = None
    notice_sent_at: datetime | None = None
    notice_has_reasons: bool = False
    notice_refers_to_earlier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    id: str = ""
    received_at: datetime | None = None  #: not known: received in time
    via: Literal["email", "portal", "mail", "sms", "voice"] = "mail"
    in_writing: bool = True
    scope: Literal["all", "portion"] = "all"
    amount: Decimal | None = None  #: the disputed part
    verification: Verification | None = None
    duplicative: Duplicative | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalCreditorRequest:
    received_at: datetime | None = None  #: not known: received in time
    in_writing: bool = True
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
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
