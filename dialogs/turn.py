"""The words between a dialog and whoever holds it: what was heard, what is said, what is wished.

All values are frozen and JSON-ready: the same shapes travel in-process and to a Rasa server.
Money is integer cents; dates are `datetime.date`; languages are ISO 639-1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One inbound message. `text` is only what the writer newly wrote."""

    text: str
    medium: str  #: sms | email | web
    at: datetime  #: aware
    today: date  #: at the debtor's location
    #: critical labels another reader (compliance.optout) found; unioned with our own reading
    safety: frozenset[str] = frozenset()
    #: media the words refuse by name, wherever they were written ("stop emailing me", in a text)
    closes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the dialog may know of one debt. Names and figures appear in replies only when `Facts.verified`."""

    ref: str  #: full reference; replies show the last four
    creditor: str
    balance_cents: int
    original_creditor: str = ""
    debt_type: str = ""
    currency: str = "USD"
    opened_date: date | None = None
    principal_cents: int | None = None
    interest_cents: int | None = None
    fees_cents: int | None = None
    payments_cents: int | None = None
    time_barred: bool = False
    held: bool = False  #: dispute, request or hold open: no figure, no offer
    dispute: str = "none"  #: none | open | answered
    dispute_reason: str | None = None
    plan: Plan | None = None  #: agreed, active or suspended plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An arrangement that exists."""

    status: str  #: agreed | active | suspended | cancelled
    amount_cents: int
    frequency: str
    start: date
    count: int
    paid: int = 0
    next_date: date | None = None
    moves_used: int = 0  #: how often the next payment was moved already
    last_cents: int | None = None
    down_payment_cents: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is true now, read from the database before the turn. The dialog never looks anything up."""

    verified: bool
    language: str  #: en | es
    accounts: Sequence[Account]
    company: Mapping[str, str]  #: name, address, phone, web, licence, email, dispute_address
    link: str = ""  #: the secure link to say when one is to be said
    #: identity factors as keyed digests: {"zip": ..., "dob": ..., "ref": [...]}; compared, never shown
    identity: Mapping[str, Any] = field(default_factory=dict)
    first_account_reply: bool = (
        True  #: no reply with account information has left yet in this conversation: D1, else D2
    )
    opted_out: frozenset[str] = frozenset()
    blocked: bool = False  #: automated sends are off for this person
    held_by_person: bool = False  #: a case manager claimed the thread: the robot is silent
    hardship: str | None = None
    name: str = ""
    policy: Mapping[str, Any] = field(default_factory=dict)  #: min_monthly_cents, max_months, first_payment_within_days
    carrier_confirms_stop: bool = False  #: the carrier itself answers STOP: we do not


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the debtor wants, for `Quote`. Cents; `count` when they gave a number of payments instead of an amount."""

    balance_cents: int
    frequency: str
    first_date: date | None
    today: date
    amount_cents: int | None = None
    amount_min_cents: int | None = None
    amount_max_cents: int | None = None
    count: int | None = None
    down_payment_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What the one plan policy says of a proposal (outreach.money.policy computes it; the dialog only reads it)."""

    verdict: str  #: meets | below | above_balance | date_too_early | date_too_late
    amount_cents: int  #: the proposal's instalment, or the counter-offer's when below
    count: int
    last_cents: int
    total_cents: int
    first_date: date | None
    last_date: date | None
    latest_first_date: date
    dates: Sequence[date] = ()


#: The plan policy, handed in once at load: proposal and policy fields in, verdict out. Pure.
Quoter = Callable[[Proposal, Mapping[str, Any]], Quote]


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """One reply: a folder of `templates/replies/` and its values. At most one a turn."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    language: str = "en"
    #: D1 | D2 | D4 | D3 that this reply must carry, in order; wording adds them
    notices: Sequence[str] = ()
    text: str = ""  #: rendered by the dialog with `render`
    about_account: bool = False  #: contains account information
    purpose: str = "reply"  #: the `kind` of decision-cases.yaml: reply | opt_out_confirmation


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    said: Sequence[Say]
    outcomes: Sequence[Outcome]
    memory: Mapping[str, Any]  #: JSON; the next turn's memory
    intent: str = ""
    intents: Sequence[str] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)
    action: str = "none"  #: answer | collect | record | suppress | clarify | escalate | none


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
