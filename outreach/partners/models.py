"""Creditors' own systems: the keys they come in with, what they asked already, where and what we tell them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from outreach import db


class ApiKey(db.Row, table=True):
    """One system of one creditor. Only the hash of its token is here."""

    __tablename__ = "api_key"

    creditor_id: int = db.key("creditor.id", index=True)
    name: str
    token_hash: bytes = Field(sa_type=sa.LargeBinary, unique=True)
    #: words of `keys.SCOPES`, separated by spaces
    scopes: str = ""
    created_at: datetime = db.moment()
    #: to the minute
    used_at: datetime | None = db.moment(default=None)
    revoked_at: datetime | None = db.moment(default=None)


class IdempotencyKey(db.Row, table=True):
    """A write repeated with the same key answers the same. Written in the transaction of the effect itself."""

    __tablename__ = "idempotency_key"
    __table_args__ = (sa.UniqueConstraint("api_key_id", "key"),)

    api_key_id: int = db.key("api_key.id")
    key: str
    request_hash: str
    status: int = 0
    #: the answer byte for byte, sealed: it may hold a secret that is shown once
    body: bytes = Field(default=b"", sa_type=sa.LargeBinary)
    at: datetime = db.moment(index=True)


class Endpoint(db.Row, table=True):
    """An address of a creditor's that is told what happened."""

    __tablename__ = "partner_endpoint"

    creditor_id: int = db.key("creditor.id", index=True)
    url: str
    #: event types, separated by spaces; none: every one
    events: str = ""
    #: sealed with the service's key
    secret: bytes = Field(sa_type=sa.LargeBinary)
    #: signs along until `old_until`, so that a receiver can change over
    old_secret: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    old_until: datetime | None = db.moment(default=None)
    created_at: datetime = db.moment()
    #: being told, or known to fail: not tried before
    busy_until: datetime | None = db.moment(default=None)
    ended_at: datetime | None = db.moment(default=None)


class Event(db.Row, table=True):
    """What happened to an account, as its creditor is told: references, amounts and words of ours, nothing people said."""

    __tablename__ = "partner_event"
    __table_args__ = (
        sa.UniqueConstraint("audit_id", "account_id"),
        sa.Index("ix_partner_event_feed", "creditor_id", "id"),
    )

    creditor_id: int = db.key("creditor.id")
    account_id: int | None = db.key("account.id", default=None)
    #: the entry of the trail it was made from; null: a trial for one endpoint, which no feed shows
    audit_id: int | None = db.key("audit_entry.id", default=None)
    type: str
    at: datetime = db.moment(index=True)
    data: dict[str, Any] = db.json()


class DeliveryStatus(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    #: given up after three days; `replay` puts it back in line
    PARKED = "parked"


_WAITING = sa.text("status = 'waiting'")


class Delivery(db.Row, table=True):
    """One event for one endpoint. `due_at` is moved ahead before each attempt: a lost worker costs a wait, no event."""

    __tablename__ = "partner_delivery"
    __table_args__ = (
        sa.UniqueConstraint("endpoint_id", "event_id"),
        db.one_of("status", DeliveryStatus),
        sa.Index("ix_partner_delivery_due", "endpoint_id", "due_at", "event_id", postgresql_where=_WAITING),
        sa.Index("ix_partner_delivery_order", "endpoint_id", "account_id", "event_id", postgresql_where=_WAITING),
        sa.Index("ix_partner_delivery_event_id", "event_id"),
    )

    endpoint_id: int = db.key("partner_endpoint.id")
    event_id: int = db.key("partner_event.id")
    #: the event's: its deliveries go in order
    account_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    status: str = DeliveryStatus.WAITING
    attempts: int = 0
    queued_at: datetime = db.moment()
    due_at: datetime = db.moment()
    tried_at: datetime | None = db.moment(default=None)
    #: what came back: "204", "503", "timed out"; never the other side's words
    answer: str = ""
