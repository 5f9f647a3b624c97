"""The insert-only trail: who did what to whom, when, why; and the chain over it and over every decision.

`record` writes in the caller's transaction. `seal` gives every committed row its place: one link a batch, each link a hash over the
one before it and the batch's rows, signed with the service's key, so that altering, deleting or inserting a row breaks the chain.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlmodel import Field, SQLModel

from outreach import db
from outreach.audit.chain import seal, verify

__all__ = ["AuditEntry", "AuditSeal", "record", "seal", "verify"]


class AuditEntry(db.Row, table=True):
    """One act. `actor` is "staff:7", "debtor:12", "system:sweeper", "provider:sms"."""

    __tablename__ = "audit_entry"
    __table_args__ = (sa.Index("ix_audit_entry_unsealed", "id", postgresql_where=sa.text("sealed_in is null")),)

    at: datetime = db.moment(index=True)
    actor: str = Field(index=True)
    action: str
    debtor_id: int | None = Field(default=None, sa_type=sa.BigInteger, index=True)
    subject: str = ""
    why: str = ""
    detail: dict[str, Any] = db.json()
    sealed_in: int | None = Field(default=None, sa_type=sa.BigInteger, index=True)


class AuditSeal(SQLModel, table=True):
    """One link: the entries whose `sealed_in` is its number, and the decisions with ids in (decisions_after, decisions_upto]."""

    __tablename__ = "audit_seal"

    number: int = Field(sa_type=sa.BigInteger, primary_key=True)
    at: datetime = db.moment()
    entries: int
    #: SHA-256 over the SHA-256 of each entry's text, in order of ids
    digest: str
    decisions: int = 0
    decisions_after: int = Field(default=0, sa_type=sa.BigInteger)
    decisions_upto: int = Field(default=0, sa_type=sa.BigInteger)
    decisions_digest: str = ""
    #: SHA-256 over the link before and all columns above: anyone can check it
    link: str
    #: HMAC of the link with the service's key: only we could have written it
    signature: str = ""


async def record(
    session: AsyncSession | AsyncConnection,
    *,
    now: datetime,
    actor: str,
    action: str,
    debtor_id: int | None = None,
    subject: str = "",
    why: str = "",
    **detail: Any,
) -> None:
    """Add one act in the caller's transaction. `detail` must be JSON and hold no secret."""
    await session.execute(
        sa.text(
            "insert into audit_entry (at, actor, action, debtor_id, subject, why, detail)"
            " values (:at, :actor, :action, :debtor_id, :subject, :why, cast(:detail as jsonb))"
        ),
        {
            "at": now,
            "actor": actor,
            "action": action,
            "debtor_id": debtor_id,
            "subject": subject,
            "why": why,
            "detail": json.dumps(detail, default=str),
        },
    )
