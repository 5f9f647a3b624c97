"""A write asked for twice happens once: its answer is kept in the transaction of its effect, and given again.

Nothing is kept of a request that was refused: nothing happened, and the same request is judged anew.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.errors import OutreachError
from outreach.partners import vault

#: after this a key may name another request
KEPT = timedelta(days=30)


class KeyReusedError(OutreachError):
    """This Idempotency-Key came with another request before. Use a new key for a new request."""

    status = 422


class InFlightError(OutreachError):
    """A request with this Idempotency-Key is being worked on. Ask again in a second, with the same key."""

    status = 409


@dataclass(frozen=True, slots=True)
class Answer:
    """As it left: HTTP status and the bytes of its body."""

    status: int
    body: bytes


def fingerprint(*parts: bytes) -> str:
    """Of method, path with query, and body: each part by its own hash, so that none can run into the next."""
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


async def begin(session: AsyncSession, *, key_id: int, key: str, request: str, secret: bytes) -> Answer | None:
    """The answer given before; None: work, then `keep`. The key is ours until the transaction ends.

    Raises InFlightError while another transaction has it, KeyReusedError when `request`, a fingerprint, is another.
    """
    ours = await session.scalar(
        sa.text("select pg_try_advisory_xact_lock(hashtextextended(:name, 7010))"), {"name": f"{key_id} {key}"}
    )
    if not ours:
        raise InFlightError
    kept = await db.one(
        session,
        "select request_hash, status, body from idempotency_key where api_key_id = :id and key = :key",
        id=key_id,
        key=key,
    )
    if kept is None:
        return None
    if kept["request_hash"] != request:
        raise KeyReusedError
    return Answer(kept["status"], vault.unseal(secret, bytes(kept["body"])))


async def keep(
    session: AsyncSession, *, now: datetime, key_id: int, key: str, request: str, answer: Answer, secret: bytes
) -> None:
    await session.execute(
        sa.text(
            "insert into idempotency_key (api_key_id, key, request_hash, status, body, at)"
            " values (:id, :key, :request, :status, :body, :now)"
        ),
        {
            "id": key_id,
            "key": key,
            "request": request,
            "status": answer.status,
            "body": vault.seal(secret, answer.body),
            "now": now,
        },
    )


async def forget(session: AsyncSession, *, now: datetime) -> int:
    """Drop answers older than KEPT; returns how many."""
    return await db.change(session, "delete from idempotency_key where at < :before", before=now - KEPT)
