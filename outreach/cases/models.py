"""Case: work for a person. While someone holds a thread the robot is silent on it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from outreach import db


class Priority(StrEnum):
    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"


class CaseStatus(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    SNOOZED = "snoozed"
    CLOSED = "closed"


#: the hand-off reasons of dialog-spec section 9, and those people and sweeps add
REASONS = """
ask_human attorney bankruptcy cease complaint deceased dispute_on_plan duplicate_dispute hardship identity_theft
language legal_question low_confidence minor out_of_scope payment_check plan_change plan_exception self_harm
servicemember settlement threat unresolved verification_failed dispute validation_request undelivered review
""".split()

MOVES: dict[str, frozenset[str]] = {
    CaseStatus.OPEN: frozenset({CaseStatus.CLAIMED, CaseStatus.SNOOZED, CaseStatus.CLOSED}),
    CaseStatus.CLAIMED: frozenset({CaseStatus.OPEN, CaseStatus.SNOOZED, CaseStatus.CLOSED}),
    CaseStatus.SNOOZED: frozenset({CaseStatus.OPEN, CaseStatus.CLAIMED, CaseStatus.CLOSED}),
    CaseStatus.CLOSED: frozenset({CaseStatus.OPEN}),
}


class Case(db.Row, table=True):
    __tablename__ = "cases"  # `case` is a word of SQL
    __table_args__ = (
        db.one_of("status", CaseStatus),
        db.one_of("priority", Priority),
        db.one_of("reason", REASONS),
        # A second hand-off for the same reason joins the open case.
        sa.Index("uq_case_open", "debtor_id", "reason", unique=True, postgresql_where=sa.text("status <> 'closed'")),
        # The queue's order: urgent first, then the next breach.
        sa.Index(
            "ix_case_queue",
            sa.text("(priority <> 'urgent')"),
            "due_at",
            "id",
            postgresql_where=sa.text("status <> 'closed'"),
        ),
        sa.CheckConstraint("status <> 'claimed' or claimed_by is not null", name="claimed"),
    )

    debtor_id: int = db.key("debtor.id", index=True)
    account_id: int | None = db.key("account.id", default=None)
    reason: str
    priority: str = Priority.NORMAL
    status: str = CaseStatus.OPEN
    opened_at: datetime = db.moment()
    #: the answer the debtor was promised, or the law's own deadline
    due_at: datetime = db.moment()
    snoozed_until: datetime | None = db.moment(default=None)
    claimed_by: int | None = db.key("staff.id", default=None)
    claimed_at: datetime | None = db.moment(default=None)
    closed_at: datetime | None = db.moment(default=None)
    closed_by: int | None = db.key("staff.id", default=None)
    outcome: str = ""
    message_id: UUID | None = Field(default=None, sa_type=sa.Uuid)
    #: message, intents, slots, form so far, flags: what the hand-off carried
    summary: dict[str, Any] = db.json()
    version: int = 0


class CaseEvent(db.Row, table=True):
    """What happened to a case: claims, notes, decisions. Corrections are further events."""

    __tablename__ = "case_event"

    case_id: int = db.key("cases.id", index=True)
    at: datetime = db.moment()
    actor: str
    kind: str
    note: str = ""
    detail: dict[str, Any] = db.json()


class Desk(SQLModel, table=True):
    """What one person has before them about a case: when they looked, whether they write, what is not sent yet.

    Gives colleagues the "Ana is writing" sign, marks what is new since I last looked, and keeps typing from being lost.
    """

    case_id: int = Field(sa_type=sa.BigInteger, foreign_key="cases.id", primary_key=True)
    staff_id: int = Field(sa_type=sa.BigInteger, foreign_key="staff.id", primary_key=True)
    #: everything up to here was on their screen
    seen_at: datetime | None = db.moment(default=None)
    #: the page was open then; a little later they are gone
    present_at: datetime | None = db.moment(default=None)
    writing_at: datetime | None = db.moment(default=None)
    #: {"reply": text, "note": text}
    drafts: dict[str, Any] = db.json()
