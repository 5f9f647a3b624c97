"""Claimed messages that do not leave now: denied or put off by the rules, too late, or back in the queue for a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from outreach import db
from outreach.messages.judge import Judged


async def refuse(
    connection: AsyncConnection, refused: Sequence[tuple[Mapping[str, Any], Judged]], *, now: datetime
) -> None:
    """Denied for good, or back in the queue until the first lawful instant; too late for that: expired."""
    if not refused:
        return
    against = [(j.against() or [("", "")])[0] for _, j in refused]
    await connection.execute(
        db.text(
            "update message m set lease_until = null, reason = u.reason, code = u.code, not_before = coalesce(u.earliest, not_before),"
            " status = case when u.earliest is null then 'denied' when u.earliest >= m.expires_at then 'expired' else 'queued' end,"
            " settled_at = case when u.earliest is null or u.earliest >= m.expires_at then :now end"
            " from unnest(cast(:ids as uuid[]), cast(:reasons as text[]), cast(:codes as text[]), cast(:earliest as timestamptz[]),"
            "   cast(:fences as bigint[]))"
            "   as u(id, reason, code, earliest, fence) where m.id = u.id and m.fence = u.fence and m.status = 'claimed'"
        ),
        {
            "now": now,
            "ids": [m["id"] for m, _ in refused],
            "codes": [code for code, _ in against],
            "reasons": [reason for _, reason in against],
            "fences": [m["fence"] for m, _ in refused],
            "earliest": [j.decision.earliest_utc if j.deferred else None for _, j in refused],
        },
    )


async def expire(connection: AsyncConnection, ids: Sequence[UUID], *, now: datetime) -> None:
    if ids:
        await connection.execute(
            db.text(
                "update message set status = 'expired', reason = 'too late to matter', settled_at = :now, lease_until = null"
                " where id = any(:ids) and status = 'claimed'"
            ),
            {"ids": list(ids), "now": now},
        )


async def give_back(connection: AsyncConnection, ids: Sequence[UUID], *, now: datetime) -> None:
    """Back in the queue for a moment: a second message to one person, or one over its campaign's own rate."""
    if ids:
        await connection.execute(
            db.text(
                "update message set status = 'queued', lease_until = null, not_before = greatest(not_before, :soon)"
                " where id = any(:ids) and status = 'claimed'"
            ),
            {"ids": list(ids), "soon": now + timedelta(seconds=1)},
        )
