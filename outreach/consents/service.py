"""Writes of grants, refusals and wishes: append-only. Silencing goes through `messages.silence`."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.consents.models import ConsentKind, Scope


async def record(
    session: AsyncSession,
    *,
    now: datetime,
    debtor_id: int,
    kind: ConsentKind,
    scope: Scope,
    via: str,
    medium: str | None = None,
    address: str | None = None,
    words: str = "",
    wording_version: str = "",
    message_id: UUID | None = None,
) -> int:
    """Add one grant or refusal, with the words used as evidence."""
    found = await session.execute(
        sa.text(
            "insert into consent (debtor_id, kind, scope, medium, address, at, via, words, wording_version, message_id)"
            " values (:debtor_id, :kind, :scope, :medium, :address, :now, :via, :words, :wording_version, :message_id) returning id"
        ).bindparams(sa.bindparam("message_id", type_=sa.Uuid)),
        {
            "debtor_id": debtor_id,
            "kind": str(kind),
            "scope": str(scope),
            "medium": medium,
            "address": address,
            "now": now,
            "via": via,
            "words": words[:2000],
            "wording_version": wording_version,
            "message_id": message_id,
        },
    )
    return int(found.scalar_one())


async def refused_at(session: AsyncSession, *, debtor_id: int, medium: str) -> datetime | None:
    """When a medium was refused; None when the newest word on it is a grant, or there is none."""
    latest = await db.one(
        session,
        "select kind, at from consent where debtor_id = :d and scope <> 'address'"
        " and (medium = :m or scope = 'all_electronic') order by at desc, id desc limit 1",
        d=debtor_id,
        m=medium,
    )
    return latest["at"] if latest and latest["kind"] == ConsentKind.REFUSAL else None


async def prefer(
    session: AsyncSession,
    *,
    now: datetime,
    debtor_id: int,
    kind: str,
    value: dict[str, Any],
    via: str,
    until: datetime | None = None,
    message_id: UUID | None = None,
) -> None:
    """Record a wish (channel, not_channel, quiet_window, time_window, place, language); the newest of a kind is in force."""
    await session.execute(
        sa.text(
            "insert into preference (debtor_id, kind, value, at, until, via, message_id)"
            " values (:debtor_id, :kind, cast(:value as jsonb), :now, :until, :via, :message_id)"
        ).bindparams(sa.bindparam("message_id", type_=sa.Uuid)),
        {
            "debtor_id": debtor_id,
            "kind": kind,
            "value": json.dumps(value),
            "now": now,
            "until": until,
            "via": via,
            "message_id": message_id,
        },
    )
