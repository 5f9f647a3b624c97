"""Plan, Installment, Promise: what was agreed, when each part is due, and what was only said."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from outreach import db


class PlanStatus(StrEnum):
    COLLECTING = "collecting"
    COUNTERED = "countered"
    #: summary sent; nothing is agreed until a yes
    PROPOSED = "proposed"
    #: outside the written limits: a person decides
    REVIEW = "review"
    AGREED = "agreed"
    #: at least one instalment arrived
    ACTIVE = "active"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    BROKEN = "broken"
    CANCELLED = "cancelled"


class Frequency(StrEnum):
    WEEKLY = "weekly"
    BIWEEKLY = "biweekly"
    SEMIMONTHLY = "semimonthly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


P = PlanStatus
MOVES: dict[str, frozenset[str]] = {
    P.COLLECTING: frozenset({P.COLLECTING, P.COUNTERED, P.PROPOSED, P.REVIEW, P.AGREED, P.CANCELLED}),
    P.COUNTERED: frozenset({P.COLLECTING, P.COUNTERED, P.PROPOSED, P.REVIEW, P.AGREED, P.CANCELLED}),
    P.PROPOSED: frozenset({P.COLLECTING, P.COUNTERED, P.PROPOSED, P.REVIEW, P.AGREED, P.CANCELLED}),
    P.REVIEW: frozenset({P.COUNTERED, P.PROPOSED, P.AGREED, P.CANCELLED}),
    P.AGREED: frozenset({P.ACTIVE, P.SUSPENDED, P.COMPLETED, P.BROKEN, P.CANCELLED}),
    P.ACTIVE: frozenset({P.SUSPENDED, P.COMPLETED, P.BROKEN, P.CANCELLED}),
    P.SUSPENDED: frozenset({P.ACTIVE, P.AGREED, P.COMPLETED, P.CANCELLED}),
    P.BROKEN: frozenset({P.ACTIVE, P.COMPLETED, P.CANCELLED}),
    P.COMPLETED: frozenset(),
    P.CANCELLED: frozenset(),
}
#: in force: one at most per account
IN_FORCE = (P.AGREED, P.ACTIVE, P.SUSPENDED, P.BROKEN)
#: being talked about: one at most per account
OPEN = (P.COLLECTING, P.COUNTERED, P.PROPOSED, P.REVIEW)


def _in(statuses: tuple[PlanStatus, ...]) -> sa.TextClause:
    return sa.text("status in (" + ", ".join(f"'{s}'" for s in statuses) + ")")


class Plan(db.Row, table=True):
    """One arrangement over one account. Money in cents; `last_cents` is the smaller last instalment."""

    __table_args__ = (
        db.one_of("status", PlanStatus),
        sa.CheckConstraint(
            "frequency is null or frequency in ('weekly','biweekly','semimonthly','monthly','quarterly')",
            name="frequency",
        ),
        sa.Index("uq_plan_in_force", "account_id", unique=True, postgresql_where=_in(IN_FORCE)),
        sa.Index("uq_plan_open", "account_id", unique=True, postgresql_where=_in(OPEN)),
    )

    account_id: int = db.key("account.id")
    debtor_id: int = db.key("debtor.id", index=True)
    status: str = PlanStatus.COLLECTING
    amount_cents: int | None = db.cents(default=None)
    frequency: str | None = None
    first_date: date | None = None
    count: int | None = None
    last_cents: int | None = db.cents(default=None)
    down_payment_cents: int = db.cents(default=0)
    total_cents: int | None = db.cents(default=None)
    #: sms | email | web | portal | staff
    proposed_via: str = ""
    proposed_at: datetime = db.moment()
    agreed_at: datetime | None = db.moment(default=None)
    agreed_via: str = ""
    #: SHA-256 of the agreement's text, on both copies
    agreement_hash: str = ""
    agreement: str = ""
    approved_by: int | None = db.key("staff.id", default=None)
    ended_at: datetime | None = db.moment(default=None)
    end_reason: str = ""
    #: a form posted twice is one plan
    form_token: str | None = Field(default=None, unique=True)
    moves_used: int = 0
    #: payments put behind the last one
    skips_used: int = 0
    terms: dict[str, Any] = db.json()


class Installment(db.Row, table=True):
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "number"),
        sa.CheckConstraint("amount_cents > 0", name="amount"),
        sa.CheckConstraint("paid_cents >= 0 and paid_cents <= amount_cents", name="paid"),
        sa.Index("ix_installment_due", "due_date", postgresql_where=sa.text("paid_cents < amount_cents")),
    )

    plan_id: int = db.key("plan.id")
    number: int
    due_date: date
    amount_cents: int = db.cents()
    paid_cents: int = db.cents(default=0)
    reminded_at: datetime | None = db.moment(default=None)
    missed_at: datetime | None = db.moment(default=None)
    #: where it stood before it was moved: once each
    moved_from: date | None = None


class Promise(db.Row, table=True):
    """A payment someone said they would make."""

    __table_args__ = (sa.CheckConstraint("status in ('open', 'kept', 'broken', 'withdrawn')", name="status"),)

    debtor_id: int = db.key("debtor.id", index=True)
    account_id: int | None = db.key("account.id", default=None)
    amount_cents: int | None = db.cents(default=None)
    date: date
    status: str = "open"
    made_at: datetime = db.moment()
    message_id: UUID | None = Field(default=None, sa_type=sa.Uuid)
