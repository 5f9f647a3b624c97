"""Decide again at the moment of sending: one transaction a batch, from claimed rows to written attempts.

Locks the people in id order, keeps one message a person (the rest go back), gathers facts anew, decides, words, reviews, and
writes an attempt for each that may leave. What may not leave gets its reason and its record.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

import channels
from outreach import compliance, db
from outreach.context import Context
from outreach.messages import attempts, lanes, lull, pace, people, records, withheld
from outreach.messages.attempts import Ready
from outreach.messages.drafts import Draft
from outreach.messages.judge import Judged, judge
from outreach.messages.wording import Planned

#: A provider may hold a message this long before the window closes (channel-facts 1.2).
MARGIN = timedelta(seconds=30)
#: Decisions taken in one go, a millisecond together.
BREATH = 4


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
        judged = await _judged(context, kept, known, now=now)
        allowed = [(m, j) for m, j in judged if j.allowed and m["expires_at"] > now]
        ready = [_ready(m, j, epochs[m["debtor_id"]], now) for m, j in allowed]
        ready = await attempts.write(connection, ready, worker=worker, now=now, lease=context.settings.lease_seconds)
        await withheld.refuse(connection, [(m, j) for m, j in judged if not j.allowed], now=now)
        await withheld.expire(connection, [m["id"] for m, j in judged if j.allowed and m["expires_at"] <= now], now=now)
        await withheld.give_back(connection, [*back, *slowed], now=now)
        await records.store(connection, [(m["id"], j) for m, j in judged], stage="send", now=now)
    leaving = {r.message_id for r in ready}
    unused = sum(m["segments"] for m in claimed if m["id"] not in leaving)
    await lanes.refund(context.engine, lane=lane, segments=unused)
    return ready


async def _judged(
    context: Context, kept: Sequence[Mapping[str, Any]], known: Mapping[int, people.Person], *, now: datetime
) -> list[tuple[Mapping[str, Any], Judged]]:
    found = []
    for m in kept:
        person, draft, link = known[m["debtor_id"]], _draft(m), _link(m)
        one = judge(person, draft, now=now, settings=context.settings, values=link, planned=_planned(m))
        found.append((m, one))
        if not len(found) % BREATH:
            await asyncio.sleep(0)  # what is on the line goes on between decisions
    return found


async def _lock_people(connection: AsyncConnection, claimed: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """Two batches never hold the same person, so that caps and the initial communication hold over lanes and workers.

    Who is in another batch is left for the next round. A lock of its own, not the row's: a STOP does not wait for decisions,
    it changes the epoch, and the gate sees that.
    """
    found = await connection.execute(
        db.text(
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


def _planned(m: Mapping[str, Any]) -> Planned:
    content = m["content"]
    return Planned(
        subject=m["subject"],
        text=m["text"],
        html=m["html"],
        language=m["language"],
        layout=content.get("layout", ""),
        reviewed=content.get("reviewed", ""),
    )


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
        template_version=rendition.template_version,
        as_planned=(rendition.text, rendition.subject, rendition.html, rendition.template_version)
        == (m["text"], m["subject"], m["html"], m["template_version"]),
        in_reply_to=m["in_reply_to"],
        answers=m["answers"] or "",
        references=m["references_"] or "",
        valid_until=min(m["expires_at"], closes - MARGIN if closes else m["expires_at"]),
    )
