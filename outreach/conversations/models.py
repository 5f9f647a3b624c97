"""The memory of a dialog, one per person over all channels, and its turns."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from outreach import db


class Conversation(db.Row, table=True):
    __table_args__ = (sa.UniqueConstraint("debtor_id"),)

    debtor_id: int = db.key("debtor.id")
    memory: dict[str, Any] = db.json()
    #: the question, offer or plan we wait for, since when; cleared by the next turn
    open_question: str | None = None
    open_since: datetime | None = db.moment(default=None, index=True)
    #: D1 left in this conversation; later replies carry D2
    disclosed_at: datetime | None = db.moment(default=None)
    updated_at: datetime = db.moment()


class Turn(db.Row, table=True):
    """One inbound message and the replies to it. Unique per inbound: nothing is answered twice."""

    inbound_id: UUID = Field(sa_type=sa.Uuid, foreign_key="message.id", unique=True)
    debtor_id: int = db.key("debtor.id", index=True)
    at: datetime = db.moment()
    engine: str
    intent: str = ""
    intents: list[str] = Field(default_factory=list, sa_type=ARRAY(sa.Text))
    slots: dict[str, Any] = db.json()
    action: str = ""
    outcomes: list[Any] = db.json(default=list)
    said: list[Any] = db.json(default=list)
    milliseconds: float = 0.0
