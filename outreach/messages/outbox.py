"""The one door out: decide, record, queue. Campaign, dialog, case manager, notice: all enter here, and no role can force a refusal.

`submit_many` takes a batch through one query of facts, decisions in memory, and rows in by COPY; a single reply is a batch of one.
Nothing is sent here: delivery asks again just before the call.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

import channels
from outreach import db, tokens
from outreach.messages import lanes, people, records, wording
from outreach.messages.drafts import Draft, Submitted
from outreach.messages.judge import Judged, judge
from outreach.settings import Settings

#: A debt notice days late is wrong, not late (channel-facts 2.9).
EXPIRES_AFTER = timedelta(hours=24)
#: How long the link in a message leads somewhere.
LINK_LIVES = timedelta(days=30)
#: Purposes that leave before everything else.
_URGENT = frozenset({"reply", "opt_out_confirmation", "sign_in_code"})
WAKE = "outbox"


async def submit(session: AsyncSession, draft: Draft, *, now: datetime, settings: Settings) -> Submitted:
    """One draft. A refusal is an answer: look at `status` and `reasons`."""
    return (await submit_many(session, [draft], now=now, settings=settings))[0]


async def preview_many(
    session: AsyncSession | AsyncConnection, drafts: Sequence[Draft], *, now: datetime, settings: Settings
) -> list[Judged]:
    """The same path without writing: what would happen to each draft at `now`."""
    known = await people.load(session, [d.debtor_id for d in drafts], now=now)
    sample = {"link": f"{settings.base_url}/l/{'x' * 43}"}
    return [judge(known[d.debtor_id], d, now=now, settings=settings, values=sample) for d in drafts]


async def submit_many(
    session: AsyncSession | AsyncConnection, drafts: Sequence[Draft], *, now: datetime, settings: Settings
) -> list[Submitted]:
    """Decide, record and queue a batch in the caller's transaction; answers in the order of the drafts.

    Every draft leaves a message row and a decision record, refused ones too: silence has a reason someone can read.
    """
    if not drafts:
        return []
    known = await people.load(session, [d.debtor_id for d in drafts], now=now)
    await _threads(session, sorted(known))
    rows: list[_Row] = []
    for draft in drafts:
        token = tokens.new_token()
        values = {"link": f"{settings.base_url}/l/{token}"}
        rows.append(_Row(judge(known[draft.debtor_id], draft, now=now, settings=settings, values=values), token, now))
    await db.copy_in(session, "message", _COLUMNS, (row.values() for row in rows))
    await records.store(session, [(row.id, row.judged) for row in rows], stage="plan", now=now)
    await _links(session, [row for row in rows if row.has_link()], now=now)
    for lane in {row.lane for row in rows if row.status == "queued"}:
        await session.execute(sa.text("select pg_notify(:channel, :lane)"), {"channel": WAKE, "lane": lane})
    return [row.submitted() for row in rows]


class _Row:
    """A judged draft as a row of `message`."""

    def __init__(self, judged: Judged, token: str, now: datetime) -> None:
        draft = judged.draft
        self.judged, self.token, self.now = judged, token, now
        self.id: UUID = tokens.new_id()
        self.status = "queued" if judged.allowed or judged.deferred else "denied"
        self.lane = lanes.lane_of(judged.channel, campaign=draft.campaign_id is not None)
        due = max(draft.not_before or now, now)
        self.not_before = max(due, judged.decision.earliest_utc) if judged.decision.earliest_utc else due
        self.expires_at = draft.expires_at or self.not_before + EXPIRES_AFTER
        if self.status == "queued" and self.not_before >= self.expires_at:
            self.status = "expired"

    def has_link(self) -> bool:
        rendition = self.judged.rendition
        return self.status == "queued" and rendition is not None and self.token in rendition.text

    def values(self) -> tuple[Any, ...]:
        judged, draft, rendition = self.judged, self.judged.draft, self.judged.rendition
        against = judged.against()
        urgent = draft.purpose in _URGENT or draft.staff_id is not None
        content: dict[str, Any] = {
            "notices": list(draft.notices),
            "about_debt": draft.about_debt,
            "acknowledgement": draft.acknowledgement,
            "crisis": draft.crisis,
        }
        if rendition:
            content |= {"layout": wording.LAYOUT if rendition.html else "", "reviewed": judged.reviewed}
        if draft.template:
            content["values"] = {**draft.values, "link": judged.values.get("link", "")}
        else:
            content |= {"text": draft.text, "subject": draft.subject}
        return (
            self.id,
            draft.debtor_id,
            "out",
            judged.channel,
            judged.medium,
            draft.purpose,
            self.status,
            judged.point["id"] if judged.point else None,
            judged.point["address"] if judged.point else "",
            list(judged.account_ids),
            self.lane,
            draft.priority if draft.priority is not None else (0 if urgent else 9 if draft.campaign_id else 5),
            self.not_before,
            self.expires_at,
            draft.template,
            rendition.template_version if rendition else "",
            rendition.language if rendition else "en",
            rendition.subject if rendition else "",
            rendition.text if rendition else draft.text,
            rendition.html if rendition else "",
            channels.units(judged.channel, rendition.text) if rendition else 1,
            db.json_text(json.dumps(content, default=str)),
            draft.in_reply_to,
            draft.campaign_id,
            draft.step,
            draft.staff_id,
            draft.case_id,
            against[0][1] if against and self.status != "queued" else "",
            against[0][0] if against and self.status != "queued" else "",
            self.now,
            self.now if self.status != "queued" else None,
        )

    def submitted(self) -> Submitted:
        judged = self.judged
        return Submitted(
            debtor_id=judged.draft.debtor_id,
            message_id=self.id,
            status=self.status,
            decision=judged.decision.decision.value,
            earliest_at=judged.decision.earliest_utc,
            reasons=judged.against(),
            channel=judged.channel,
            text=judged.rendition.text if judged.rendition else "",
        )


_COLUMNS = {
    "id": "uuid",
    "debtor_id": "int8",
    "direction": "varchar",
    "channel": "varchar",
    "medium": "varchar",
    "purpose": "varchar",
    "status": "varchar",
    "contact_point_id": "int8",
    "address": "varchar",
    "account_ids": "int8[]",
    "lane": "varchar",
    "priority": "int4",
    "not_before": "timestamptz",
    "expires_at": "timestamptz",
    "template": "varchar",
    "template_version": "varchar",
    "language": "varchar",
    "subject": "varchar",
    "text": "varchar",
    "html": "varchar",
    "segments": "int4",
    "content": "jsonb",
    "in_reply_to": "uuid",
    "campaign_id": "int8",
    "step": "int4",
    "staff_id": "int8",
    "case_id": "int8",
    "reason": "varchar",
    "code": "varchar",
    "created_at": "timestamptz",
    "settled_at": "timestamptz",
}


async def _threads(session: AsyncSession | AsyncConnection, debtor_ids: Sequence[int]) -> None:
    await session.execute(
        sa.text("insert into thread (debtor_id) select unnest(cast(:ids as bigint[])) on conflict do nothing"),
        {"ids": list(debtor_ids)},
    )


async def _links(session: AsyncSession | AsyncConnection, rows: Sequence[_Row], *, now: datetime) -> None:
    columns = {
        "debtor_id": "int8",
        "message_id": "uuid",
        "token_hash": "bytea",
        "purpose": "varchar",
        "created_at": "timestamptz",
        "expires_at": "timestamptz",
    }
    values = ((r.judged.draft.debtor_id, r.id, tokens.digest(r.token), "portal", now, now + LINK_LIVES) for r in rows)
    if rows:
        await db.copy_in(session, "link", columns, values)


def message_token(key: bytes, purpose: str, message_id: UUID) -> str:
    """A reference to one message that only we can make: for one-click unsubscribe and reply addresses. 128-bit MAC."""
    mac = bytes.fromhex(tokens.sign(key, purpose, message_id.hex))
    return base64.b32encode(message_id.bytes + mac).decode().rstrip("=").lower()


def read_message_token(key: bytes, purpose: str, token: str) -> UUID | None:
    """The message a token names, or None when it was not made by us."""
    try:
        raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except ValueError:
        return None
    if len(raw) != 32:
        return None
    message_id = UUID(bytes=raw[:16])
    return message_id if tokens.signed(key, raw[16:].hex(), purpose, message_id.hex) else None
