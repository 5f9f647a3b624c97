"""Decision records: what was decided, from which facts, under which rules. Insert-only, in by COPY."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from outreach import db
from outreach.messages.judge import Judged

_COLUMNS = {
    "message_id": "uuid",
    "debtor_id": "int8",
    "campaign_id": "int8",
    "stage": "varchar",
    "at": "timestamptz",
    "decision": "varchar",
    "earliest_at": "timestamptz",
    "rules": "text[]",
    "findings": "jsonb",
    "facts": "jsonb",
    "facts_hash": "varchar",
    "ruleset": "varchar",
    "tz_version": "varchar",
}


async def store(
    session: AsyncSession | AsyncConnection, judged: Sequence[tuple[UUID, Judged]], *, stage: str, now: datetime
) -> None:
    """One record per decision, in the caller's transaction. `stage`: plan, send or staff."""
    rows = [
        _row(message_id, one, stage=stage, now=now) for message_id, one in judged
    ]  # before the COPY: it holds locks
    await db.copy_in(session, "decision_record", _COLUMNS, rows)


def _row(message_id: UUID, judged: Judged, *, stage: str, now: datetime) -> tuple[Any, ...]:
    facts = judged.stored_facts()
    return (
        message_id,
        judged.draft.debtor_id,
        judged.draft.campaign_id,
        stage,
        now,
        judged.decision.decision.value,
        judged.decision.earliest_utc,
        list(judged.decision.rules),
        db.json_text(msgspec.json.encode([f.plain() for f in judged.decision.findings]).decode()),
        db.json_text(facts),
        hashlib.sha256(facts.encode()).hexdigest(),
        judged.decision.ruleset,
        judged.decision.tz,
    )
