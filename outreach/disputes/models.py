"""Dispute, validation request and original-creditor request: each stops collection until answered (12 CFR 1006.38)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from outreach import db


class DisputeKind(StrEnum):
    DISPUTE = "dispute"
    VALIDATION = "validation"
    ORIGINAL_CREDITOR = "original_creditor"


class DisputeStatus(StrEnum):
    OPEN = "open"
    #: verification was sent; collection may go on
    ANSWERED = "answered"
    #: decided for the debtor; the account is closed or corrected
    UPHELD = "upheld"
    DUPLICATE = "duplicate"


class Dispute(db.Row, table=True):
    __table_args__ = (
        db.one_of("kind", DisputeKind),
        db.one_of("status", DisputeStatus),
        sa.Index("uq_dispute_open", "account_id", "kind", unique=True, postgresql_where=sa.text("status = 'open'")),
    )

    account_id: int = db.key("account.id")
    debtor_id: int = db.key("debtor.id", index=True)
    kind: str = DisputeKind.DISPUTE
    #: not_mine wrong_amount paid unknown_debt service_issue insurance time_barred identity_theft other
    reason: str | None = None
    status: str = DisputeStatus.OPEN
    scope: str = "all"
    amount_cents: int | None = db.cents(default=None)
    via: str
    text: str = ""
    received_at: datetime = db.moment()
    #: inside the validation period: the law's own duty, not only ours
    timely: bool = True
    message_id: UUID | None = Field(default=None, sa_type=sa.Uuid)
    same_as_id: int | None = db.key("dispute.id", default=None)
    answered_at: datetime | None = db.moment(default=None)
    answer_method: str | None = None
    answer_undeliverable_at: datetime | None = db.moment(default=None)
    answer: dict[str, Any] = db.json()


class DisputeProof(db.Row, table=True):
    """What the creditor brought forward about a dispute: words, and a file where there is one. Never changed."""

    __tablename__ = "dispute_proof"

    dispute_id: int = db.key("dispute.id", index=True)
    at: datetime = db.moment()
    actor: str
    words: str = ""
    name: str = ""
    content_type: str = ""
    sha256: str = ""
    content: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
