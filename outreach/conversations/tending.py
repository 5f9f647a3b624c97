"""For those who tend the reader: what it did not understand, grouped; what colleagues say it means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from dialogs.understand import groups, labels, mask
from outreach import audit, db
from outreach.errors import OutreachError

#: how far back the page looks, and how many messages it groups at most
WINDOW = timedelta(days=30)
MOST = 400
#: labels a colleague may give, commonest meanings of the specification in its order
INTENTS: tuple[str, ...] = labels.ORDER

_NOT_UNDERSTOOD = """
select t.inbound_id as message_id, t.at, t.intent, t.action, m.text, m.medium, d.first_name, d.last_name, d.language,
  (select l.intent from reader_label l where l.message_id = t.inbound_id order by l.id desc limit 1) as label
from turn t join message m on m.id = t.inbound_id join debtor d on d.id = t.debtor_id
where t.at >= :since and (t.intent in ('out_of_scope', '') or t.said ?| array['not_understood', 'clarify', 'low_confidence'])
order by t.at desc limit :most
"""
_SHARE = """
select date_trunc('day', t.at at time zone :zone)::date as day, count(*) as read,
  count(*) filter (where t.intent in ('out_of_scope', '') or t.said ?| array['not_understood', 'clarify', 'low_confidence'])
    as unclear
from turn t where t.at >= :since group by 1 order by 1
"""
_WORDS = """
select m.id, m.text, m.medium, d.first_name, d.last_name, d.language from message m join debtor d on d.id = m.debtor_id
where m.id = any(:ids) and m.direction = 'in' and exists (select 1 from turn t where t.inbound_id = m.id)
"""
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|https?://\S+|www\.\S+")
_DIGITS = re.compile(r"\d(?:[\d\s().-]{2,}\d)?")
_LONG = 5


class LabelError(OutreachError):
    """Choose what the messages mean, and at least one message."""

    status = 422


async def not_understood(session: AsyncSession, *, now: datetime) -> list[dict[str, Any]]:
    """Groups of the last thirty days' unclear messages, largest first: `terms`, `messages` (masked), `left` without a label."""
    rows = await db.rows(session, _NOT_UNDERSTOOD, since=now - WINDOW, most=MOST)
    texts = [masked(row["text"], row) for row in rows]
    found = []
    for group in groups.group(texts):
        messages = [
            {**{k: rows[n][k] for k in ("message_id", "at", "medium", "label")}, "text": texts[n]}
            for n in group.members
        ]
        found.append({"terms": group.terms, "messages": messages, "left": sum(m["label"] is None for m in messages)})
    return found


async def share(session: AsyncSession, *, now: datetime, zone: str) -> Sequence[Mapping[str, Any]]:
    """Messages read and not understood, a day of the office each."""
    return await db.rows(session, _SHARE, since=now - WINDOW, zone=zone)


async def relabel(session: AsyncSession, *, now: datetime, message_ids: Sequence[UUID], intent: str, actor: str) -> int:
    """Say what these messages mean; returns how many. Learnt at the next training, by nobody before. Raises LabelError."""
    if intent not in labels.INTENTS or not message_ids:
        raise LabelError
    rows = await db.rows(session, _WORDS, ids=list(message_ids))
    if rows:
        await session.execute(
            sa.text(
                "insert into reader_label (message_id, at, actor, words, language, medium, intent)"
                " values (:message, :now, :actor, :words, :language, :medium, :intent)"
            ),
            [
                {
                    "message": row["id"],
                    "now": now,
                    "actor": actor,
                    "words": masked(row["text"], row),
                    "language": row["language"],
                    "medium": row["medium"],
                    "intent": intent,
                }
                for row in rows
            ],
        )
        await audit.record(
            session, now=now, actor=actor, action="reader.relabelled", subject=intent, messages=len(rows)
        )
    return len(rows)


def masked(text: str, person: Mapping[str, Any]) -> str:
    """The words without who wrote them: numbers, addresses and the person's own name go; small figures stay."""
    text = _ADDRESS.sub("[address]", mask(text)[:600])
    text = _DIGITS.sub(lambda m: m[0] if sum(c.isdigit() for c in m[0]) < _LONG else "•" * 5, text)
    for name in (person["first_name"], person["last_name"]):
        if name and len(name) > 1:
            text = re.sub(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", "[name]", text)
    return text
