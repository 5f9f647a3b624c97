"""Attempts: what is about to leave, written and committed before its first byte (channel-facts section 0)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from outreach import db


class Ready(msgspec.Struct, frozen=True, kw_only=True):
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
    template_version: str
    #: the words are those of the message's row already
    as_planned: bool
    #: attempts that reached the provider, this one included: a closed gate is none
    tries: int
    in_reply_to: UUID | None
    #: the provider's id of the person's message it answers, and of those before that one
    answers: str
    references: str
    #: no byte after this: the window closes, or the message is too late to matter
    valid_until: datetime


#: Words that are not what was planned go along; the others stand in the row.
_WRITE = """
with held as (
  update message m set status = 'sending', attempts = u.number, text = coalesce(u.text, m.text),
    subject = coalesce(u.subject, m.subject), html = coalesce(u.html, m.html), template_version = coalesce(u.version, m.template_version),
    reason = '', code = '', lease_until = clock_timestamp() + make_interval(secs => :lease)
  from unnest(cast(:ids as uuid[]), cast(:numbers as int[]), cast(:texts as text[]), cast(:subjects as text[]),
    cast(:htmls as text[]), cast(:versions as text[]), cast(:fences as bigint[]), cast(:hashes as text[]))
    as u(id, number, text, subject, html, version, fence, hash)
  where m.id = u.id and m.fence = u.fence and m.status = 'claimed' returning m.id, u.number, u.fence, u.hash
)
insert into attempt (message_id, number, worker, fence, started_at, body_hash, gated_at)
select id, number, :worker, fence, :now, hash, null from held returning message_id
"""


async def write(
    connection: AsyncConnection, ready: Sequence[Ready], *, worker: str, now: datetime, lease: float
) -> list[Ready]:
    """No attempt row, no byte. Whose claim has ended meanwhile is not among those returned. `lease`: seconds."""
    if not ready:
        return []
    anew = [] if all(r.as_planned for r in ready) else ready  # a shorter list is filled with nulls
    written = await connection.scalars(
        db.text(_WRITE),
        {
            "worker": worker,
            "now": now,
            "lease": lease,
            "ids": [r.message_id for r in ready],
            "numbers": [r.attempt for r in ready],
            "texts": [None if r.as_planned else r.text for r in anew],
            "subjects": [None if r.as_planned else r.subject for r in anew],
            "htmls": [None if r.as_planned else r.html for r in anew],
            "versions": [None if r.as_planned else r.template_version for r in anew],
            "fences": [r.fence for r in ready],
            "hashes": [_hash(r) for r in ready],
        },
    )
    ours = set(written)
    return [r for r in ready if r.message_id in ours]


def _hash(ready: Ready) -> str:
    return hashlib.sha256(f"{ready.to}\x1f{ready.subject}\x1f{ready.text}".encode()).hexdigest()
