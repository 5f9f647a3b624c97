"""Decision records: what was decided, from which facts, under which rules. Insert-only, in by COPY."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

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
    await db.copy_in(
        session,
        "decision_record",
        _COLUMNS,
        (
            (
                message_id,
                j.draft.debtor_id,
                j.draft.campaign_id,
                stage,
                now,
                j.decision.decision.value,
                j.decision.earliest_utc,
                list(j.decision.rules),
                db.json_text(json.dumps([f.plain() for f in j.decision.findings])),
                db.json_text(j.stored_facts()),
                j.facts_hash,
                j.decision.ruleset,
                j.decision.tz,
            )
            for message_id, j in judged
        ),
    )
