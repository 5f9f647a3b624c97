"""Decide again at the moment of sending: one transaction a batch, from claimed rows to written attempts.

Locks the people in id order, keeps one message a person (the rest go back), gathers facts anew, decides, words, reviews, and
writes an attempt for each that may leave. What may not leave gets its reason and its record.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

import channels
from outreach import compliance, db
from outreach.context import Context
from outreach.messages import lanes, lull, pace, people, records
from outreach.messages.drafts import Draft
from outreach.messages.judge import Judged, judge

#: A provider may hold a message this long before the window closes (channel-facts 1.2).
MARGIN = timedelta(seconds=30)
#: Decisions taken in one go, a millisecond together.
BREATH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """One written attempt: everything the wave needs, nothing read again but at the gate."""

    message_id: UUID
    debtor_id: int
    epoch: int
    fence: int
    attempt: int
    medium: str
    to: str
    #: the recipient's own system, "" where none can be told
    scope: str
    text: str
    subject: str
    html: str
    segments: int
    account_ids: Sequence[int]
    purpose: str
    campaign_id: int | None
    #: attempts that reached the provider, this one included: a closed gate is none
    tries: int
    in_reply_to: UUID | None
    #: the provider's id of the person's message it answers, and of those before that one
    answers: str
    references: str
    #: no byte after this: the window closes, or the message is too late to matter
    valid_until: datetime


async def prepare(
    context: Context, *, lane: str, claimed: Sequence[Mapping[str, Any]], worker: str, now: datetime
) -> list[Ready]:
    """The messages that may leave now, attempts committed. Everything else claimed is settled or back in the queue."""
    async with context.engine.begin() as connection:
        epochs = await _lock_people(connection, claimed)
        kept, back = _one_each(claimed, epochs)
        kept, _ = await lull.sift(connection, [_scoped(m) for m in kept], channel=lane.partition(":")[0], now=now)
        kept, slowed = await pace.allow(connection, kept)
        known = await people.load(connection, [m["debtor_id"] for m in kept], now=now)
        judged = []
        for m in kept:
            judged.append(
                (m, judge(known[m["debtor_id"]], _draft(m), now=now, settings=context.settings, values=_link(m)))
            )
            if not len(judged) % BREATH:
                await asyncio.sleep(0)  # what is on the line goes on between decisions
        allowed = [(m, j) for m, j in judged if j.allowed and m["expires_at"] > now]
        ready = [_ready(m, j, epochs[m["debtor_id"]], now) for m, j in allowed]
        versions = {m["id"]: j.rendition.template_version for m, j in allowed if j.rendition}
        ready = await _write_attempts(
            connection, ready, worker=worker, now=now, lease=context.settings.lease_seconds, versions=versions
        )
        await _write_refusals(connection, [(m, j) for m, j in judged if not j.allowed], now=now)
        await _expire(connection, [m["id"] for m, j in judged if j.allowed and m["expires_at"] <= now], now=now)
        await _give_back(connection, [*back, *slowed], now=now)
        await records.store(connection, [(m["id"], j) for m, j in judged], stage="send", now=now)
    leaving = {r.message_id for r in ready}
    unused = sum(m["segments"] for m in claimed if m["id"] not in leaving)
    await lanes.refund(context.engine, lane=lane, segments=unused)
    return ready


async def _lock_people(connection: AsyncConnection, claimed: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """Two batches never hold the same person, so that caps and the initial communication hold over lanes and workers.

    Who is in another batch is left for the next round. A lock of its own, not the row's: a STOP does not wait for decisions,
    it changes the epoch, and the gate sees that.
    """
    found = await connection.execute(
        sa.text(
            "select d.id, d.epoch from (select w.id from unnest(cast(:ids as bigint[])) as w(id)"
            " where pg_try_advisory_xact_lock(:space, (w.id % 2147483648)::int)) held join debtor d on d.id = held.id"
        ),
        {"ids": sorted({m["debtor_id"] for m in claimed}), "space": db.DECISION_LOCK},
    )
    return {row.id: row.epoch for row in found}


def _one_each(
    claimed: Sequence[Mapping[str, Any]], epochs: Mapping[int, int]
) -> tuple[list[Mapping[str, Any]], list[UUID]]:
    """The most urgent message of each person; the others wait for the next round."""
    seen: set[int] = set()
    kept, back = [], []
    for message in claimed:
        if message["debtor_id"] in seen or message["debtor_id"] not in epochs:
            back.append(message["id"])
        else:
            seen.add(message["debtor_id"])
            kept.append(message)
    return kept, back


def _scoped(m: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**m, "scope": channels.scope_of(m["channel"], m["address"])}


def _draft(m: Mapping[str, Any]) -> Draft:
    content = m["content"]
    return Draft(
        debtor_id=m["debtor_id"],
        channel=m["channel"],
        purpose=m["purpose"],
        template=m["template"],
        values=content.get("values", {}),
        text="" if m["template"] else content.get("text", m["text"]),
        subject="" if m["template"] else content.get("subject", m["subject"]),
        account_ids=m["account_ids"],
        in_reply_to=m["in_reply_to"],
        contact_point_id=m["contact_point_id"],
        language=m["language"],
        campaign_id=m["campaign_id"],
        step=m["step"],
        staff_id=m["staff_id"],
        notices=content.get("notices", ()),
        about_debt=content.get("about_debt", True),
        acknowledgement=content.get("acknowledgement", False),
        crisis=content.get("crisis", False),
    )


def _link(m: Mapping[str, Any]) -> Mapping[str, Any]:
    """The link made at planning: its token is known nowhere else."""
    values = m["content"].get("values", {})
    return {"link": values["link"]} if "link" in values else {}


def _ready(m: Mapping[str, Any], judged: Judged, epoch: int, now: datetime) -> Ready:
    rendition = judged.rendition
    if rendition is None or judged.facts is None:
        raise AssertionError("an allowed message has words and facts")
    closes = compliance.open_until(judged.facts)
    return Ready(
        message_id=m["id"],
        debtor_id=m["debtor_id"],
        epoch=epoch,
        fence=m["fence"],
        attempt=m["attempts"] + 1,
        medium=m["medium"],
        scope=m["scope"],
        to=m["address"],
        text=rendition.text,
        subject=rendition.subject,
        html=rendition.html,
        segments=m["segments"],
        account_ids=judged.account_ids,
        purpose=m["purpose"],
        campaign_id=m["campaign_id"],
        tries=m["tries"] + 1,
        in_reply_to=m["in_reply_to"],
        answers=m["answers"] or "",
        references=m["references_"] or "",
        valid_until=min(m["expires_at"], closes - MARGIN if closes else m["expires_at"]),
    )


async def _write_attempts(
    connection: AsyncConnection,
    ready: Sequence[Ready],
    *,
    worker: str,
    now: datetime,
    lease: float,
    versions: Mapping[UUID, str],
) -> list[Ready]:
    """No attempt row, no byte (channel-facts section 0). Whose claim has ended meanwhile is not among those returned."""
    if not ready:
        return []
    held = await connection.scalars(
        sa.text(
            "update message m set status = 'sending', attempts = u.number, text = u.text, subject = u.subject, html = u.html,"
            " template_version = u.version, reason = '', code = '', lease_until = clock_timestamp() + make_interval(secs => :lease)"
            " from unnest(cast(:ids as uuid[]), cast(:numbers as int[]), cast(:texts as text[]), cast(:subjects as text[]),"
            "   cast(:htmls as text[]), cast(:versions as text[]), cast(:fences as bigint[]))"
            "   as u(id, number, text, subject, html, version, fence)"
            " where m.id = u.id and m.fence = u.fence and m.status = 'claimed' returning m.id"
        ),
        {
            "lease": lease,
            "ids": [r.message_id for r in ready],
            "numbers": [r.attempt for r in ready],
            "texts": [r.text for r in ready],
            "subjects": [r.subject for r in ready],
            "htmls": [r.html for r in ready],
            "versions": [versions.get(r.message_id, "") for r in ready],
            "fences": [r.fence for r in ready],
        },
    )
    ours = set(held)
    leaving = [r for r in ready if r.message_id in ours]
    rows = [(r.message_id, r.attempt, worker, r.fence, now, _hash(r), None) for r in leaving]
    await db.copy_in(connection, "attempt", _ATTEMPT, rows)
    return leaving


_ATTEMPT = {
    "message_id": "uuid",
    "number": "int4",
    "worker": "varchar",
    "fence": "int8",
    "started_at": "timestamptz",
    "body_hash": "varchar",
    "gated_at": "timestamptz",
}


async def _write_refusals(
    connection: AsyncConnection, refused: Sequence[tuple[Mapping[str, Any], Judged]], *, now: datetime
) -> None:
    """Denied for good, or back in the queue until the first lawful instant; too late for that: expired."""
    if not refused:
        return
    against = [(j.against() or [("", "")])[0] for _, j in refused]
    await connection.execute(
        sa.text(
            "update message m set lease_until = null, reason = u.reason, code = u.code, not_before = coalesce(u.earliest, not_before),"
            " status = case when u.earliest is null then 'denied' when u.earliest >= m.expires_at then 'expired' else 'queued' end,"
            " settled_at = case when u.earliest is null or u.earliest >= m.expires_at then :now end"
            " from unnest(cast(:ids as uuid[]), cast(:reasons as text[]), cast(:codes as text[]), cast(:earliest as timestamptz[]),"
            "   cast(:fences as bigint[]))"
            "   as u(id, reason, code, earliest, fence) where m.id = u.id and m.fence = u.fence and m.status = 'claimed'"
        ),
        {
            "now": now,
            "ids": [m["id"] for m, _ in refused],
            "codes": [code for code, _ in against],
            "reasons": [reason for _, reason in against],
            "fences": [m["fence"] for m, _ in refused],
            "earliest": [j.decision.earliest_utc if j.deferred else None for _, j in refused],
        },
    )


async def _expire(connection: AsyncConnection, ids: Sequence[UUID], *, now: datetime) -> None:
    if ids:
        await connection.execute(
            sa.text(
                "update message set status = 'expired', reason = 'too late to matter', settled_at = :now, lease_until = null"
                " where id = any(:ids) and status = 'claimed'"
            ),
            {"ids": list(ids), "now": now},
        )


async def _give_back(connection: AsyncConnection, ids: Sequence[UUID], *, now: datetime) -> None:
    """Back in the queue for a moment: a second message to one person, or one over its campaign's own rate."""
    if ids:
        await connection.execute(
            sa.text(
                "update message set status = 'queued', lease_until = null, not_before = greatest(not_before, :soon)"
                " where id = any(:ids) and status = 'claimed'"
            ),
            {"ids": list(ids), "soon": now + timedelta(seconds=1)},
        )


def _hash(ready: Ready) -> str:
    return hashlib.sha256(f"{ready.to}\x1f{ready.subject}\x1f{ready.text}".encode()).hexdigest()
