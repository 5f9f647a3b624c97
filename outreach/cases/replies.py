"""A colleague's own words to the debtor, through the one door, and never past a message nobody has read (R11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.cases import hours, record
from outreach.cases.models import CaseStatus, Priority
from outreach.messages import outbox
from outreach.messages.drafts import Draft, Submitted
from outreach.settings import Settings

#: the words law demands are added around the colleague's
TEMPLATE = "staff_reply"


class ClaimFirstError(record.CaseError):
    """Claim the case before writing to the debtor, so that nobody else answers at the same time."""


class UnseenError(record.CaseError):
    """Something newer was said in this thread. Read it, then send anyway or change your reply."""

    def __init__(self, newer: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        #: the unread messages, oldest first: id, at, direction, channel, text, who
        self.newer = newer


async def reply(
    session: AsyncSession,
    *,
    now: datetime,
    settings: Settings,
    case_id: int,
    staff_id: int,
    text: str,
    seen: int,
    channel: str = "",
    send_anyway: bool = False,
    not_before: datetime | None = None,
) -> Submitted:
    """Send (or, when the gate defers it, schedule) a reply; a refusal is the answer's `reasons`, not an exception.

    `seen` is the number of messages heard and written by colleagues when the page was made (`queries.case`): when there
    are more, the reply is held with UnseenError unless `send_anyway`. No channel: the one the debtor used last.
    """
    if not text.strip():
        raise record.CaseError("Write the reply before sending it.")
    case = await record.lock(session, case_id)
    if case["status"] == CaseStatus.CLOSED:
        raise record.ClosedError
    if case["claimed_by"] != staff_id:
        raise ClaimFirstError
    newer = [] if send_anyway else await unseen(session, debtor_id=case["debtor_id"], seen=seen)
    if newer:
        raise UnseenError(newer)
    found = await asked(session, debtor_id=case["debtor_id"], channel=channel)
    words = draft(case, asked=found, staff_id=staff_id, text=text, channel=channel, not_before=not_before)
    sent = await outbox.submit(session, words, now=now, settings=settings)
    if sent.status == "queued":
        await _answered(session, now=now, case=case)
    await record.sign(
        session,
        now=now,
        case_id=case_id,
        debtor_id=case["debtor_id"],
        actor=f"staff:{staff_id}",
        kind="replied" if sent.status == "queued" else "reply_refused",
        note=sent.reason,
        detail={"message_id": sent.message_id, "channel": sent.channel, "seen": seen, "send_anyway": send_anyway},
    )
    return sent


async def asked(session: AsyncSession, *, debtor_id: int, channel: str = "") -> Mapping[str, Any] | None:
    """What a reply answers: the debtor's newest words, on a channel when one is named."""
    return await db.one(
        session,
        "select id, channel, contact_point_id from message where debtor_id = :d and direction = 'in'"
        " and (:channel = '' or channel = :channel) order by created_at desc limit 1",
        d=debtor_id,
        channel=channel,
    )


def draft(
    case: Mapping[str, Any],
    *,
    asked: Mapping[str, Any] | None,
    staff_id: int,
    text: str,
    channel: str = "",
    not_before: datetime | None = None,
) -> Draft:
    """The wish a reply is, so that a look ahead and the sending cannot differ."""
    return Draft(
        debtor_id=case["debtor_id"],
        channel=channel or (asked["channel"] if asked else "preferred"),
        purpose="reply" if asked else "campaign",
        template=TEMPLATE,
        values={"text": text.strip()},
        account_ids=[case["account_id"]] if case["account_id"] else [],
        in_reply_to=asked["id"] if asked else None,
        contact_point_id=asked["contact_point_id"] if asked else None,
        staff_id=staff_id,
        case_id=case["id"],
        not_before=not_before,
    )


async def unseen(session: AsyncSession, *, debtor_id: int, seen: int) -> Sequence[Mapping[str, Any]]:
    """What was heard, or written by a colleague, since a page showed `seen` such messages; oldest first."""
    return await db.rows(
        session,
        "select m.id, m.created_at as at, m.direction, m.channel, m.text, s.name as who"
        " from message m left join staff s on s.id = m.staff_id"
        " where m.debtor_id = :d and (m.direction = 'in' or m.staff_id is not null)"
        " order by m.created_at, m.id offset :seen",
        d=debtor_id,
        seen=seen,
    )


async def _answered(session: AsyncSession, *, now: datetime, case: Mapping[str, Any]) -> None:
    """Nothing waits in the thread any more; the case is looked at again within a working day (S25)."""
    await session.execute(
        sa.text(
            "update message set status = 'answered' where debtor_id = :d and direction = 'in' and status = 'received'"
        ),
        {"d": case["debtor_id"]},
    )
    await session.execute(
        sa.text("update thread set unanswered_since = null where debtor_id = :d"), {"d": case["debtor_id"]}
    )
    due = hours.due_at(now, Priority.NORMAL, office=await hours.office(session))
    await session.execute(
        sa.text("update cases set due_at = :due, version = version + 1 where id = :id"), {"due": due, "id": case["id"]}
    )
