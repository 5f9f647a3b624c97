"""What left, written by plain SQL as delivery would have written it: a message, its attempt and its decision."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

WORDS = (
    "Harbor Point: this communication is from a debt collector. This is an attempt to collect a debt and any information"
    " obtained will be used for that purpose. License no. 10101-99. Reply STOP to opt out."
)


async def run(session: AsyncSession, sql: str, **values: Any) -> Any:
    return await session.execute(sa.text(sql), values)


async def sent(
    session: AsyncSession,
    *,
    at: datetime,
    debtor_id: int,
    medium: str = "sms",
    text: str = WORDS,
    decided: bool = True,
    **columns: Any,
) -> UUID:
    """One message that left at `at`, to the person's own number or mailbox, about all their debts, allowed by a decision."""
    message_id = uuid4()
    kind = "phone" if medium == "sms" else "email"
    point = (
        await run(
            session, "select id, address from contact_point where debtor_id = :d and kind = :k", d=debtor_id, k=kind
        )
    ).one()
    values = {
        "id": message_id,
        "debtor_id": debtor_id,
        "direction": "out",
        "channel": medium,
        "medium": medium,
        "purpose": "campaign",
        "status": "accepted",
        "contact_point_id": point.id,
        "address": point.address,
        "language": "en",
        "text": text,
        "created_at": at - timedelta(minutes=1),
        "sent_at": at,
        "attempts": 1,
        **columns,
    }
    await insert(session, "message", **values)
    await run(
        session,
        "update message set account_ids = (select array_agg(id) from account where debtor_id = :d) where id = :id",
        d=debtor_id,
        id=message_id,
    )
    await attempt(session, message_id=message_id, at=at)
    if decided:
        await decision(session, message_id=message_id, debtor_id=debtor_id, at=at)
    return message_id


async def heard(
    session: AsyncSession, *, at: datetime, debtor_id: int, text: str = "How much do I owe?", medium: str = "sms"
) -> UUID:
    """One message of theirs from their own number or mailbox."""
    message_id, kind = uuid4(), "phone" if medium == "sms" else "email"
    await run(
        session,
        "insert into message (id, debtor_id, direction, channel, medium, purpose, status, contact_point_id, address, text, created_at,"
        " provider_id) select :id, debtor_id, 'in', :medium, :medium, 'reply', 'answered', id, address, :text, :at, :id_text"
        " from contact_point where debtor_id = :d and kind = :kind",
        id=message_id,
        id_text=str(message_id),
        medium=medium,
        text=text,
        at=at,
        d=debtor_id,
        kind=kind,
    )
    return message_id


async def attempt(
    session: AsyncSession, *, message_id: UUID, at: datetime, number: int = 1, outcome: str | None = "accepted"
) -> None:
    m = (await run(session, "select address, subject, text from message where id = :id", id=message_id)).one()
    hashed = hashlib.sha256(f"{m.address}\x1f{m.subject}\x1f{m.text}".encode()).hexdigest()
    await insert(
        session,
        "attempt",
        message_id=message_id,
        number=number,
        worker="w",
        fence=1,
        started_at=at,
        body_hash=hashed,
        outcome=outcome,
    )


async def decision(
    session: AsyncSession,
    *,
    message_id: UUID | None,
    debtor_id: int,
    at: datetime,
    verdict: str = "allow",
    stage: str = "send",
) -> None:
    facts = json.dumps({"message": {"channel": "sms", "at": at.isoformat()}}, sort_keys=True, separators=(",", ":"))
    await run(
        session,
        "insert into decision_record (message_id, debtor_id, stage, at, decision, facts, facts_hash, ruleset, tz_version)"
        " values (:m, :d, :stage, :at, :verdict, cast(:facts as jsonb), :hash, 'old', '2026a')",
        m=message_id,
        d=debtor_id,
        stage=stage,
        at=at,
        verdict=verdict,
        facts=facts,
        hash=hashlib.sha256(facts.encode()).hexdigest(),
    )


async def insert(session: AsyncSession, table: str, **values: Any) -> None:
    marks = ", ".join(f":{name}" for name in values)
    await run(session, f"insert into {table} ({', '.join(values)}) values ({marks})", **values)
