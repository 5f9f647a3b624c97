"""The insert-only trail: who did what to whom, when, why. One sealer chains committed rows.

`record` writes in the caller's transaction. `seal` gives every committed, unsealed row its place: one link a batch, each link
an HMAC over the previous link and the batch's rows, so that altering, deleting or inserting any row breaks the chain.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlmodel import Field, SQLModel

from outreach import db

#: Advisory lock: one sealer in the cluster.
SEAL_LOCK = 7002


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
    """One link: covers the rows whose `sealed_in` is its number."""

    __tablename__ = "audit_seal"

    number: int = Field(sa_type=sa.BigInteger, primary_key=True)
    at: datetime = db.moment()
    entries: int
    digest: str
    link: str


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


#: Sealed sources: table -> SQL giving (id, canonical text) of the rows of one link, in id order.
_CANON = """
select id, (to_jsonb(t) - 'sealed_in')::text as row from {table} t where sealed_in = :number order by id
"""


async def seal(connection: AsyncConnection, *, now: datetime, secret: bytes, limit: int = 20_000) -> int:
    """Chain every committed unsealed row; returns how many. The caller commits. At most one sealer at a time."""
    if not await connection.scalar(sa.text("select pg_try_advisory_xact_lock(:k)"), {"k": SEAL_LOCK}):
        return 0
    last = await db.one(connection, "select number, link from audit_seal order by number desc limit 1")
    number, previous = (last["number"] + 1, last["link"]) if last else (1, "")
    marked = await connection.execute(
        sa.text(
            "update audit_entry set sealed_in = :number where id in"
            " (select id from audit_entry where sealed_in is null order by id limit :limit)"
        ),
        {"number": number, "limit": limit},
    )
    if not marked.rowcount:
        return 0
    digest, entries = await _digest(connection, number)
    await connection.execute(
        sa.text(
            "insert into audit_seal (number, at, entries, digest, link) values (:number, :at, :entries, :digest, :link)"
        ),
        {
            "number": number,
            "at": now,
            "entries": entries,
            "digest": digest,
            "link": _link(secret, previous, number, digest),
        },
    )
    return entries


async def verify(connection: AsyncConnection, *, secret: bytes) -> AsyncIterator[str]:
    """Every break in the chain, one sentence each; none when whole."""
    previous, expected = "", 1
    for row in await db.rows(connection, "select number, entries, digest, link from audit_seal order by number"):
        if row["number"] != expected:
            yield f"link {expected} is missing"
        digest, entries = await _digest(connection, row["number"])
        if entries != row["entries"]:
            yield f"link {row['number']} covered {row['entries']} entries and now {entries}"
        elif digest != row["digest"]:
            yield f"an entry of link {row['number']} was altered"
        if not hmac.compare_digest(_link(secret, previous, row["number"], row["digest"]), row["link"]):
            yield f"link {row['number']} does not follow the one before it"
        previous, expected = row["link"], row["number"] + 1
    strays = await connection.scalar(
        sa.text("select count(*) from audit_entry where sealed_in >= :next"), {"next": expected}
    )
    if strays:
        yield f"{strays} entries claim a link that does not exist"


async def _digest(connection: AsyncConnection, number: int) -> tuple[str, int]:
    hasher, entries = hashlib.sha256(), 0
    async for row in await connection.stream(sa.text(_CANON.format(table="audit_entry")), {"number": number}):
        hasher.update(row.row.encode() + b"\n")
        entries += 1
    return hasher.hexdigest(), entries


def _link(secret: bytes, previous: str, number: int, digest: str) -> str:
    return hmac.new(secret, f"{previous}|{number}|{digest}".encode(), hashlib.sha256).hexdigest()
