"""Ways in for debtors, and what the edge must remember: links, portal sessions, API keys, idempotency."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from outreach import db


class PortalSession(db.Row, table=True):
    """Opened by a button behind a link; sees debt data once the wrong-person guard is passed."""

    __tablename__ = "portal_session"

    debtor_id: int = db.key("debtor.id", index=True)
    token_hash: bytes = Field(sa_type=sa.LargeBinary, unique=True)
    created_at: datetime = db.moment()
    seen_at: datetime = db.moment()
    expires_at: datetime = db.moment()
    verified_at: datetime | None = db.moment(default=None)
    failures: int = 0
    ended_at: datetime | None = db.moment(default=None)
    #: answers of a journey not finished yet
    draft: dict[str, Any] = db.json()


class ApiKey(db.Row, table=True):
    __tablename__ = "api_key"

    creditor_id: int = db.key("creditor.id", index=True)
    name: str
    token_hash: bytes = Field(sa_type=sa.LargeBinary, unique=True)
    scopes: str = ""
    created_at: datetime = db.moment()
    revoked_at: datetime | None = db.moment(default=None)


class IdempotencyKey(db.Row, table=True):
    """A write repeated with the same key answers the same."""

    __tablename__ = "idempotency_key"
    __table_args__ = (sa.UniqueConstraint("api_key_id", "key"),)

    api_key_id: int = db.key("api_key.id")
    key: str
    request_hash: str
    status: int = 0
    response: dict[str, Any] = db.json()
    at: datetime = db.moment()
