"""Every wish a turn can have. One `match` in outreach.conversations turns each into a deed; all are frozen and JSON-ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A wish of the turn. One `match` in outreach.conversations turns each into a deed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptsOut(Outcome):
    medium: str  #: the medium it was said on


@dataclass(frozen=True, slots=True, kw_only=True)
class OptsIn(Outcome):
    medium: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusesContact(Outcome):
    """Cease communication, or refusal to pay, in writing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HasAttorney(Outcome):
    name: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InBankruptcy(Outcome):
    chapter: str = ""
    case_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HasDied(Outcome): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class IsMinor(Outcome): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class IsServicemember(Outcome): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongAddress(Outcome):
    medium: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsFraud(Outcome): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputesDebt(Outcome):
    reason: str | None = None
    account_ref: str | None = None  #: None = every account of the person
    duplicate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsValidation(Outcome):
    account_ref: str | None = None
    original_creditor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetsPreference(Outcome):
    channel: str | None = None
    not_channel: Sequence[str] = ()
    time_window: str | None = None
    quiet_window: str | None = None
    days: str | None = None
    quiet_days: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchesLanguage(Outcome):
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivesContact(Outcome):
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified(Outcome):
    """The right factors were given on this channel."""

    medium: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WantsPlan(Outcome):
    """A plan's state changed: collecting, countered, proposed, agreed. Values known so far; None = open."""

    status: str
    account_ref: str
    amount_cents: int | None = None
    frequency: str | None = None
    start: date | None = None
    count: int | None = None
    last_cents: int | None = None
    down_payment_cents: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DropsPlan(Outcome):
    """An unfinished or unconfirmed form is over."""

    account_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelsPlan(Outcome):
    account_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendsPlan(Outcome):
    account_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MovesPayment(Outcome):
    account_ref: str
    old_date: date
    new_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises(Outcome):
    amount_cents: int | None
    date: date
    account_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersSettlement(Outcome):
    amount_cents: int | None = None
    percent: float | None = None
    account_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsPayment(Outcome):
    amount_cents: int | None = None
    date: date | None = None
    account_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InHardship(Outcome):
    reason: str = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantsLink(Outcome):
    """The secure link was said: make one."""

    purpose: str = "pay"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantsHuman(Outcome):
    """Hand-off (dialog-spec section 9)."""

    reason: str
    priority: str = "normal"  #: urgent | high | normal
    note: str = ""
