"""Case managers and other users, their roles and sign-ins."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from outreach import db


class Role(StrEnum):
    CASE_MANAGER = "case_manager"
    TEAM_LEAD = "team_lead"
    #: reads everything, approves, sends nothing
    COMPLIANCE = "compliance"
    #: users and settings; no case content
    ADMIN = "admin"
    #: sees only the accounts of its own creditor
    CREDITOR = "creditor"


class Staff(db.Row, table=True):
    __table_args__ = (db.one_of("role", Role),)

    email: str = Field(unique=True)
    name: str
    role: str
    creditor_id: int | None = db.key("creditor.id", default=None)
    disabled_at: datetime | None = db.moment(default=None)
    created_at: datetime = db.moment()


class SignInLink(db.Row, table=True):
    """One use, ten minutes (ASVS 6.5.5); a day when an administrator made it on the command line."""

    __tablename__ = "sign_in_link"

    staff_id: int = db.key("staff.id", index=True)
    token_hash: bytes = Field(sa_type=sa.LargeBinary, unique=True)
    expires_at: datetime = db.moment()
    used_at: datetime | None = db.moment(default=None)


class StaffSession(db.Row, table=True):
    __tablename__ = "staff_session"

    staff_id: int = db.key("staff.id", index=True)
    token_hash: bytes = Field(sa_type=sa.LargeBinary, unique=True)
    created_at: datetime = db.moment()
    seen_at: datetime = db.moment()
    expires_at: datetime = db.moment()
    ended_at: datetime | None = db.moment(default=None)
