"""Who owes what to whom, and how they may be reached: Creditor, Placement, Debtor, Account, ContactPoint, Hold."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from outreach import db


class Relationship(StrEnum):
    FIRST_PARTY = "first_party"
    THIRD_PARTY = "third_party"
    DEBT_BUYER = "debt_buyer"


class AccountStatus(StrEnum):
    OPEN = "open"
    PAID = "paid"
    SETTLED = "settled"
    CLOSED = "closed"
    RECALLED = "recalled"


class PointKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"


class PointStatus(StrEnum):
    CURRENT = "current"
    FORMER = "former"
    #: someone said it is not the debtor's
    WRONG_PARTY = "wrong_party"
    THIRD_PARTY = "third_party"
    #: the provider says nobody is there
    DEAD = "dead"


class HoldReason(StrEnum):
    """Why nothing automated is said. The engine reads the word; the noun that caused it is elsewhere."""

    CEASE = "cease"
    ATTORNEY = "attorney"
    BANKRUPTCY = "bankruptcy"
    DECEASED = "deceased"
    MINOR = "minor"
    SERVICEMEMBER = "servicemember"
    IDENTITY_THEFT = "identity_theft"
    DISPUTE = "dispute"
    VALIDATION_REQUEST = "validation_request"
    ORIGINAL_CREDITOR_REQUEST = "original_creditor_request"
    SELF_HARM = "self_harm"
    THREAT = "threat"
    HARDSHIP = "hardship"
    PLAN = "plan"
    PERSON = "person"
    PAID = "paid"
    RECALLED = "recalled"
    WRONG_ADDRESS = "wrong_address"
    BOUNCED = "bounced"
    COMPLAINT = "complaint"
    REPLIED = "replied"
    MANUAL = "manual"


class LedgerKind(StrEnum):
    PRINCIPAL = "principal"
    INTEREST = "interest"
    FEE = "fee"
    PAYMENT = "payment"
    REVERSAL = "reversal"
    ADJUSTMENT = "adjustment"


class Creditor(db.Row, table=True):
    """The party a debt is owed to, and its written terms."""

    __table_args__ = (db.one_of("relationship", Relationship), sa.CheckConstraint("max_months > 0", name="max_months"))

    name: str = Field(unique=True)
    relationship: str = Relationship.THIRD_PARTY
    #: PROV-03: third-party SMS is off until an owner turns it on with a reason
    sms_allowed: bool = False
    sms_allowed_reason: str = ""
    min_monthly_cents: int = db.cents(default=5_000)
    max_months: int = 24
    first_payment_within_days: int = 30
    #: an account above this leaves automation and needs a named owner; null: none
    high_value_cents: int | None = db.cents(default=None)
    #: how to pay: {"online": url, "mail": address, "phone": number, "payable_to": name}
    payment_instructions: dict[str, Any] = db.json()
    created_at: datetime = db.moment()


class Placement(db.Row, table=True):
    """One delivery of accounts: a file, known by the hash of its bytes."""

    __table_args__ = (sa.UniqueConstraint("file_hash"),)

    file_name: str
    file_hash: str
    received_at: datetime = db.moment()
    rows_taken: int = 0
    rows_unchanged: int = 0
    rows_refused: int = 0


class Debtor(db.Row, table=True):
    """The person said to owe (the statute says consumer). One row per person over all debts and creditors."""

    __table_args__ = (
        sa.CheckConstraint("language ~ '^[a-z]{2}$'", name="language"),
        sa.Index("ix_debtor_name", sa.text("lower(last_name)"), sa.text("lower(first_name)")),
    )

    ref: str = Field(unique=True)
    first_name: str
    last_name: str
    language: str = "en"
    date_of_birth: date | None = None
    address: str = ""
    city: str = ""
    state: str | None = None
    zip: str | None = None
    country: str = "US"
    #: a zone the person told us (IANA); replaces the evidence of address and numbers (CV-02)
    stated_timezone: str | None = None
    stated_timezone_at: datetime | None = db.moment(default=None)
    role: str = "obligor"
    #: rarely used law facts, in the words of decision-cases.yaml: dc, nyc, breathing_space, codebtor_case, ...
    law_facts: dict[str, Any] = db.json()
    #: bumped by whatever silences the person; delivery compares it just before the first byte
    epoch: int = Field(default=0, sa_type=sa.BigInteger)
    created_at: datetime = db.moment()


class Account(db.Row, table=True):
    """One debt. The balance is the sum of its ledger, kept here in the same transaction."""

    __table_args__ = (
        sa.UniqueConstraint("creditor_id", "ref"),
        db.one_of("status", AccountStatus),
        sa.CheckConstraint(
            "balance_cents = principal_cents + interest_cents + fees_cents - payments_cents", name="balance_sums"
        ),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
    )

    creditor_id: int = db.key("creditor.id", index=True)
    placement_id: int | None = db.key("placement.id", default=None)
    debtor_id: int = db.key("debtor.id", index=True)
    ref: str
    status: str = AccountStatus.OPEN
    original_creditor: str = ""
    debt_type: str = "other"
    currency: str = "USD"
    principal_cents: int = db.cents(default=0)
    interest_cents: int = db.cents(default=0)
    fees_cents: int = db.cents(default=0)
    payments_cents: int = db.cents(default=0)
    balance_cents: int = db.cents(default=0)
    opened_date: date | None = None
    default_date: date | None = None
    charge_off_date: date | None = None
    last_payment_date: date | None = None
    itemization_date_type: str | None = None
    itemization_date: date | None = None
    limitation_date: date | None = None
    initial_communication_at: datetime | None = db.moment(default=None)
    validation_provided_at: datetime | None = db.moment(default=None)
    validation_method: str | None = None
    validation_undeliverable_at: datetime | None = db.moment(default=None)
    validation_period_end: date | None = None
    #: an account above the creditor's threshold is worked by this person, not by campaigns
    owner_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    notes: str = ""
    #: what the newest placement row said: hash of the row, stated figures. The same row again changes nothing
    placed: dict[str, Any] = db.json()
    created_at: datetime = db.moment()


class LedgerEntry(db.Row, table=True):
    """One line of the running account. Append-only; corrections are further lines."""

    __tablename__ = "ledger_entry"
    __table_args__ = (db.one_of("kind", LedgerKind),)

    account_id: int = db.key("account.id", index=True)
    at: datetime = db.moment()
    kind: str
    #: which component it moves: principal | interest | fees; a payment has one line per component it was applied to
    component: str = "principal"
    #: signed: what it adds to the balance
    amount_cents: int = db.cents()
    source: str = ""
    reference: str = ""


class ContactPoint(db.Row, table=True):
    """One number or mailbox, and the basis on which it may be used (12 CFR 1006.6(d)(4), (5))."""

    __tablename__ = "contact_point"
    __table_args__ = (
        sa.UniqueConstraint("debtor_id", "kind", "address"),
        db.one_of("kind", PointKind),
        db.one_of("status", PointStatus),
        sa.Index("ix_contact_point_address", "address"),
    )

    debtor_id: int = db.key("debtor.id")
    kind: str
    #: E.164, or a mailbox with a lower-case domain
    address: str
    line: str | None = None
    area_code: str | None = None
    status: str = PointStatus.CURRENT
    #: sms_basis.type / email_basis.type of decision-cases.yaml
    basis: str = "none"
    basis_at: datetime | None = db.moment(default=None)
    #: the rest of a creditor notice or custody chain, in the same words
    basis_facts: dict[str, Any] = db.json()
    reassigned_checked_at: datetime | None = db.moment(default=None)
    reassigned_result: str | None = None
    domain_public: bool = True
    employer_provided: bool = False
    disclosure_reported_at: datetime | None = db.moment(default=None)
    #: identity was confirmed here (dialog 7.1), or it came with the placement and a basis
    verified_at: datetime | None = db.moment(default=None)
    source: str = "placement"
    created_at: datetime = db.moment()


class Hold(db.Row, table=True):
    """A reason and a half-open period [since, until) of silence, on a person, an account or a contact point."""

    __table_args__ = (
        db.one_of("reason", HoldReason),
        sa.CheckConstraint("until is null or until >= since", name="period"),
        sa.Index("ix_hold_debtor_open", "debtor_id", postgresql_where=sa.text("until is null")),
    )

    debtor_id: int = db.key("debtor.id", index=True)
    account_id: int | None = db.key("account.id", default=None)
    contact_point_id: int | None = db.key("contact_point.id", default=None)
    #: null: every medium
    medium: str | None = None
    reason: str
    since: datetime = db.moment()
    until: datetime | None = db.moment(default=None)
    source: str = ""
    note: str = ""
    facts: dict[str, Any] = db.json()
