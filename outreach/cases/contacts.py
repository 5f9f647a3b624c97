"""Contacts made outside the service: a call, a letter, a visit. Logged by a person, counted like every other contact."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import tokens
from outreach.cases import record

#: what may be logged -> the medium rules read; a visit is nobody's medium but the person's own record
MEDIA = {"voice": "voice", "mail": "mail", "visit": "mail"}


async def log(
    session: AsyncSession,
    *,
    now: datetime,
    case_id: int,
    staff_id: int,
    medium: str,
    outcome: str,
    at: datetime,
    note: str = "",
) -> None:
    """Log one contact at a past moment, as a message of its medium and as an event of the case. Raises CaseError.

    `outcome` of a call is a word of `compliance.facts.HistoryEntry.kind`: the call rules count by it.
    """
    if medium not in MEDIA:
        raise record.CaseError("Choose how the contact was made.")
    if at > now:
        raise record.CaseError("A contact is logged once it was made: choose a moment that has passed.")
    case = await record.lock(session, case_id)
    message_id = tokens.new_id()
    await session.execute(
        sa.text(
            "insert into message (id, debtor_id, direction, channel, medium, purpose, status, account_ids, text, staff_id,"
            " case_id, content, created_at, sent_at, settled_at) values (:id, :debtor_id, 'out', :channel, :medium,"
            " 'logged', 'delivered', :accounts, :text, :staff_id, :case_id, jsonb_build_object('outcome', cast(:outcome as text)),"
            " :at, :at, :at)"
        ),
        {
            "id": message_id,
            "debtor_id": case["debtor_id"],
            "channel": medium,
            "medium": MEDIA[medium],
            "accounts": [case["account_id"]] if case["account_id"] else [],
            "text": note,
            "staff_id": staff_id,
            "case_id": case_id,
            "outcome": outcome if medium == "voice" else "",
            "at": at,
        },
    )
    await record.sign(
        session,
        now=now,
        case_id=case_id,
        debtor_id=case["debtor_id"],
        actor=f"staff:{staff_id}",
        kind="contact_logged",
        note=note,
        detail={"medium": medium, "outcome": outcome, "at": at, "message_id": message_id},
    )
