"""Evidence: decisions with their rules and facts, the audit trail, and one message with all that became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db

PAGE = 100

_AUDIT = """
select e.*, d.ref as debtor_ref, s.name as staff_name from audit_entry e
left join debtor d on d.id = e.debtor_id
left join staff s on e.actor = 'staff:' || s.id
where e.id < :before and {where} order by e.id desc limit :limit
"""
_DECISIONS = """
select r.id, r.message_id, r.debtor_id, r.stage, r.at, r.decision, r.earliest_at, r.rules, r.ruleset, d.ref as debtor_ref,
       c.name as campaign
from decision_record r join debtor d on d.id = r.debtor_id left join campaign c on c.id = r.campaign_id
where r.id < :before and {where} order by r.id desc limit :limit
"""
_LAST = 2**62


def _conditions(known: Mapping[str, str], given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Only the filters that were given become conditions, so that each can use its own index."""
    used = {name: value for name, value in given.items() if value not in (None, "")}
    return " and ".join([known[name] for name in used] or ["true"]), used


async def audit_entries(
    session: AsyncSession,
    *,
    person: str = "",
    actor: str = "",
    action: str = "",
    day: date | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> list[Mapping[str, Any]]:
    """The trail, newest first, by the person's reference, who acted ("staff:7"; "system" for all of a kind), act and UTC day."""
    where, values = _conditions(
        {
            "person": "e.debtor_id = (select id from debtor where ref = :person)",
            "actor": "e.actor like :actor || '%'",
            "action": "e.action = :action",
            "day": "e.at >= cast(:day as date) and e.at < cast(:day as date) + 1",
        },
        {"person": person, "actor": actor, "action": action, "day": day},
    )
    return await db.rows(session, _AUDIT.format(where=where), before=before or _LAST, limit=limit, **values)


async def chain_state(session: AsyncSession) -> Mapping[str, Any]:
    """How much of the trail is sealed: last link and what still waits for one."""
    found = await db.one(
        session,
        "select (select max(number) from audit_seal) as links, (select max(at) from audit_seal) as sealed_at,"
        " (select link from audit_seal order by number desc limit 1) as head,"
        " (select count(*) from audit_entry where sealed_in is null) as waiting",
    )
    return found or {}


async def decisions(
    session: AsyncSession,
    *,
    person: str = "",
    rule: str = "",
    verdict: str = "",
    day: date | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> list[Mapping[str, Any]]:
    """Decision records, newest first, by person, rule id, verdict (allow, deny, defer) and UTC day."""
    where, values = _conditions(
        {
            "person": "r.debtor_id = (select id from debtor where ref = :person)",
            "rule": ":rule = any(r.rules)",
            "verdict": "r.decision = :verdict",
            "day": "r.at >= cast(:day as date) and r.at < cast(:day as date) + 1",
        },
        {"person": person, "rule": rule, "verdict": verdict, "day": day},
    )
    return await db.rows(session, _DECISIONS.format(where=where), before=before or _LAST, limit=limit, **values)


async def rulesets(session: AsyncSession) -> list[Mapping[str, Any]]:
    """The versions of the rules that decided, newest first: how often, from when to when."""
    return await db.rows(
        session,
        "select ruleset, tz_version, count(*) as decisions, min(at) as first_at, max(at) as last_at from decision_record"
        " group by ruleset, tz_version order by max(id) desc limit 12",
    )


async def decision(session: AsyncSession, *, decision_id: int) -> Mapping[str, Any] | None:
    """One decision with all its findings and the facts it was made from."""
    return await db.one(
        session,
        "select r.*, d.ref as debtor_ref, d.first_name, d.last_name, c.name as campaign from decision_record r"
        " join debtor d on d.id = r.debtor_id left join campaign c on c.id = r.campaign_id where r.id = :id",
        id=decision_id,
    )


async def message(session: AsyncSession, *, message_id: UUID) -> dict[str, Any] | None:
    """One message as it left or arrived, with attempts, receipts, decisions, turn and attachments."""
    found = await db.one(
        session,
        "select m.*, d.ref as debtor_ref, s.name as staff_name, c.name as campaign from message m join debtor d on d.id = m.debtor_id"
        " left join staff s on s.id = m.staff_id left join campaign c on c.id = m.campaign_id where m.id = :id",
        id=message_id,
    )
    if found is None:
        return None
    of = "where message_id = :id order by id"
    return dict(found) | {
        "attempts_made": await db.rows(session, f"select * from attempt {of}", id=message_id),
        "receipts": await db.rows(session, f"select * from provider_receipt {of}", id=message_id),
        "decisions": await db.rows(session, f"select * from decision_record {of}", id=message_id),
        "attachments": await db.rows(
            session, f"select id, name, size, content_type, problem from attachment {of}", id=message_id
        ),
        "turn": await db.one(session, "select * from turn where inbound_id = :id", id=message_id),
    }


async def attachment(session: AsyncSession, *, message_id: UUID, attachment_id: int) -> Mapping[str, Any] | None:
    """One file of one message, with its bytes."""
    return await db.one(
        session,
        "select f.name, f.content, m.debtor_id from attachment f join message m on m.id = f.message_id"
        " where f.id = :id and f.message_id = :message_id",
        id=attachment_id,
        message_id=message_id,
    )
