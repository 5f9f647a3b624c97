"""Recorded decisions as values again: what was found, in plain words, and the words it was about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from outreach import compliance, db
from outreach.errors import OutreachError
from outreach.settings import Settings

STAGES = {
    "plan": "When it was planned",
    "send": "When it was about to leave",
    "staff": "When a case manager wrote it",
}


class NoMessageError(OutreachError):
    """There is no such message. `outreach account export` and the console list the ids of a person's messages."""

    status = 404


def decision_of(record: Mapping[str, Any]) -> compliance.Decision:
    """A row of decision_record as the value it was made from."""
    return compliance.Decision(
        decision=compliance.Effect(record["decision"]),
        earliest_utc=record["earliest_at"],
        findings=tuple(finding_of(found) for found in record["findings"]),
        ruleset=record["ruleset"],
        tz=record["tz_version"],
        rules=tuple(record["rules"]),
    )


def finding_of(plain: Mapping[str, Any]) -> compliance.Finding:
    return compliance.Finding(
        effect=compliance.Effect(plain["effect"]),
        reason=plain["reason"],
        rule=plain["rule"],
        citation=plain["citation"],
        earliest=datetime.fromisoformat(plain["earliest_utc"]) if plain["earliest_utc"] else None,
        facts=tuple(plain["facts"]),
        also=tuple(plain["also"]),
    )


def words_of(message: Mapping[str, Any], *, kind: str, settings: Settings) -> compliance.Words:
    """A message row's words as the review sees them; the California licence is today's setting."""
    content = message["content"]
    return compliance.Words(
        purpose=kind,
        medium=message["medium"],
        languages=(message["language"],),
        subject=message["subject"],
        text=message["text"],
        html=message["html"],
        about_account=content.get("about_debt", True),
        crisis=content.get("crisis", False),
        licence=settings.licences().get("CA", ""),
    )


async def explained(connection: AsyncConnection | AsyncSession, *, message_id: UUID) -> dict[str, Any]:
    """Why a message was or was not sent: each decision about it, oldest first, with its sentences and citations.

    Raises `NoMessageError`.
    """
    message = await db.one(
        connection,
        "select m.id, m.direction, m.medium, m.purpose, m.status, m.reason, m.address, m.created_at, m.sent_at, d.ref as person"
        " from message m join debtor d on d.id = m.debtor_id where m.id = :id",
        id=message_id,
    )
    if message is None:
        raise NoMessageError
    records = await db.rows(
        connection, "select * from decision_record where message_id = :id order by id", id=message_id
    )
    tries = await db.rows(
        connection,
        "select number, started_at, outcome, code, reason from attempt where message_id = :id order by number",
        id=message_id,
    )
    return dict(message) | {"decisions": [_told(record) for record in records], "attempts": tries}


def _told(record: Mapping[str, Any]) -> dict[str, Any]:
    decision = decision_of(record)
    return {"stage": record["stage"], "at": record["at"], **decision.plain(), "words": compliance.explain(decision)}


def in_words(found: Mapping[str, Any]) -> str:
    """What `explained` found, for a person to read."""
    lines = [
        f"{found['purpose']} by {found['medium']} to {found['person']}: {found['status']}. {found['reason']}".rstrip()
    ]
    if found["direction"] == "in":
        lines.append("It was received: nothing had to be decided.")
    for told in found["decisions"]:
        lines += [
            "",
            f"{STAGES.get(told['stage'], told['stage'])}, {told['at']:%d %B %Y, %H:%M:%S} UTC:",
            told["words"],
        ]
    for tried in found["attempts"]:
        end = tried["outcome"] or "its end is not known yet"
        lines += [
            "",
            f"Attempt {tried['number']} at {tried['started_at']:%H:%M:%S} UTC: {end}. {tried['reason']}".rstrip(),
        ]
    return "\n".join(lines)
