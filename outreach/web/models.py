"""Ways in for debtors, and what the edge must remember of them: portal sessions."""

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
