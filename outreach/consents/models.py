"""Grants and refusals, append-only: the present state is a fold over them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from outreach import db


class ConsentKind(StrEnum):
    GRANT = "grant"
    REFUSAL = "refusal"


class Scope(StrEnum):
    ADDRESS = "address"
    MEDIUM = "medium"
    ALL_ELECTRONIC = "all_electronic"


class Consent(db.Row, table=True):
    """What a person allowed or refused, with the words used. A refusal of an address holds for whoever owes (OPT-02)."""

    __table_args__ = (
        db.one_of("kind", ConsentKind),
        db.one_of("scope", Scope),
        sa.CheckConstraint("scope <> 'address' or address is not null", name="address_named"),
        sa.Index("ix_consent_address", "address"),
    )

    debtor_id: int = db.key("debtor.id", index=True)
    kind: str
    scope: str
    #: sms | email | voice | mail; null with all_electronic
    medium: str | None = None
    address: str | None = None
    at: datetime = db.moment()
    #: inbound message | portal | provider | staff | one_click | api
    via: str
    #: the person's own words, as evidence
    words: str = ""
    #: version of the wording shown beside a form field
    wording_version: str = ""
    message_id: UUID | None = Field(default=None, sa_type=sa.Uuid)


class Preference(db.Row, table=True):
    """How a person wishes to be reached, in dialog-spec words. The newest of a kind is in force until `until`."""

    debtor_id: int = db.key("debtor.id", index=True)
    #: channel | not_channel | quiet_window | time_window | place | language | papers (E-SIGN: electronic, wording)
    kind: str
    value: dict[str, Any] = db.json()
    at: datetime = db.moment()
    until: datetime | None = db.moment(default=None)
    via: str = ""
    message_id: UUID | None = Field(default=None, sa_type=sa.Uuid)
