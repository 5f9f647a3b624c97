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


class ReaderLabel(db.Row, table=True):
    """What a colleague says a message means. The newest of a message is in force; nothing is changed or deleted."""

    __tablename__ = "reader_label"
    __table_args__ = (sa.Index("ix_reader_label_newest", "message_id", sa.text("id desc")),)

    message_id: UUID = Field(sa_type=sa.Uuid, foreign_key="message.id")
    at: datetime = db.moment()
    actor: str
    #: the words as learnt: personal data masked
    words: str
    language: str
    medium: str
    intent: str


class ReaderArtefact(db.Row, table=True):
    """Weights of the reader made from the development set and the labels so far. At most one is in force."""

    __tablename__ = "reader_artefact"
    __table_args__ = (
        db.one_of("status", ["ready", "refused", "in_force", "retired"], name="status"),
        sa.Index("ix_reader_artefact_in_force", "status", unique=True, postgresql_where=sa.text("status = 'in_force'")),
    )

    at: datetime = db.moment()
    actor: str
    #: of the content: the same data gives the same
    hash: str = Field(unique=True)
    #: of the grammar, features and data of the release it was made for; another release does not read with it
    fingerprint: str
    labels: int = 0
    figures: dict[str, Any] = db.json()
    status: str
    why: str = ""
    weights: bytes = Field(sa_type=sa.LargeBinary)
    put_at: datetime | None = db.moment(default=None)
    put_by: str = ""
