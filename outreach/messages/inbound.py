"""Words in: who wrote, on which thread, stored once. What is then done about them is `conversations`' business."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from channels.contract import Inbound
from outreach import db, tokens
from outreach.messages import outbox

__all__ = ["Heard", "Inbound", "Stranger", "store"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A stored inbound message. `debtor_ids` are all who have this address; the thread is the first one's."""

    message_id: UUID
    debtor_id: int
    debtor_ids: Sequence[int]
    contact_point_id: int | None
    #: matched by a token or a message of ours, not only by an address anyone can forge
    proven: bool


@dataclass(frozen=True, slots=True)
class Stranger:
    """Nobody here has the address; the words were new and are kept in `unrouted_inbound`."""


#: By evidence: a token or id only we and the addressee know, then a message of ours to this address, then the address alone.
_BY_MESSAGE = """
select id, debtor_id, contact_point_id, address from message
where direction = 'out' and (id = any(:ids) or provider_id = any(:provider_ids)) order by created_at desc limit 1
"""
_BY_ADDRESS = """
select p.debtor_id, p.id, max(m.created_at) as last from contact_point p
left join message m on m.contact_point_id = p.id and m.direction = 'out'
where p.address = :address and p.status not in ('wrong_party', 'third_party')
group by p.debtor_id, p.id order by last desc nulls last, p.id
"""
_INSERT = """
insert into message (id, debtor_id, direction, channel, medium, purpose, status, contact_point_id, address, text, subject,
  in_reply_to, provider_id, content, raw, labels, created_at, sent_at)
values (:id, :debtor_id, 'in', :channel, :medium, :purpose, 'received', :point, :address, :text, :subject, :in_reply_to,
  :provider_id, cast(:content as jsonb), cast(:raw as jsonb), :labels, :now, :now)
on conflict (channel, provider_id) where direction = 'in' do nothing returning id
"""


async def store(
    session: AsyncSession,
    inbound: Inbound,
    *,
    channel: str,
    medium: str,
    labels: Sequence[str],
    key: bytes,
    now: datetime,
    debtor_id: int | None = None,
    verified: bool | None = None,
) -> Heard | Stranger | None:
    """Store one message from a person or a stranger; None when it was stored before.

    A stranger's message goes to `unrouted_inbound`, once. `debtor_id` is given where the way in already knows (the portal).
    """
    # A repeat may come at the same moment, or after the number has changed hands: whoever kept it first has kept it.
    lock = {"space": db.INBOUND_LOCK, "id": inbound.provider_id}
    await session.execute(sa.text("select pg_advisory_xact_lock(:space, hashtext(:id))"), lock)
    # A person named by hand claims words that a stranger's row already holds.
    if await known(session, [inbound.provider_id], channel=channel, strangers=debtor_id is None):
        return None
    source = await _origin(session, inbound, key=key)
    people = await db.rows(session, _BY_ADDRESS, address=inbound.sender) if inbound.sender else []
    who = debtor_id or (source["debtor_id"] if source else None) or (people[0]["debtor_id"] if people else None)
    if who is None:
        kept = await _unrouted(session, inbound, channel=channel, labels=labels, now=now)
        return Stranger() if kept else None
    point = next((p["id"] for p in people if p["debtor_id"] == who), None)
    where = {"channel": channel, "medium": medium, "debtor_id": who, "point": point, "labels": list(labels), "now": now}
    message_id = await _insert(session, inbound, where | {"in_reply_to": source["id"] if source else None}, verified)
    if message_id is None:
        return None
    await _attach(session, message_id, inbound)
    await _touch_thread(session, who, inbound, now=now)
    ids = [who, *(p["debtor_id"] for p in people if p["debtor_id"] != who)]
    return Heard(
        message_id=message_id,
        debtor_id=who,
        debtor_ids=list(dict.fromkeys(ids)),
        contact_point_id=point,
        proven=source is not None or debtor_id is not None,
    )


async def _insert(
    session: AsyncSession, inbound: Inbound, where: Mapping[str, Any], verified: bool | None
) -> UUID | None:
    """None when it was stored before."""
    content = {"opt_out_type": inbound.opt_out_type, "full_text": inbound.full_text[:20_000], "verified": verified}
    stored = await session.execute(
        sa.text(_INSERT).bindparams(
            sa.bindparam("in_reply_to", type_=sa.Uuid),
            sa.bindparam("point", type_=sa.BigInteger),
            sa.bindparam("labels", type_=sa.ARRAY(sa.Text)),
        ),
        {
            **where,
            "id": tokens.new_id(),
            "purpose": inbound.kind,
            "address": inbound.sender,
            "text": inbound.text,
            "subject": inbound.subject[:500],
            "provider_id": inbound.provider_id,
            "content": json.dumps(content),
            "raw": json.dumps(dict(inbound.raw), default=str),
        },
    )
    return stored.scalar_one_or_none()


async def known(
    session: AsyncSession, provider_ids: Sequence[str], *, channel: str, strangers: bool = True
) -> frozenset[str]:
    """Which of these the channel brought before, from a person or (with `strangers`) from somebody unknown."""
    found = await session.scalars(
        sa.text(
            "select provider_id from message where channel = :channel and direction = 'in' and provider_id = any(:ids)"
            " union select provider_id from unrouted_inbound"
            " where :strangers and channel = :channel and provider_id = any(:ids)"
        ),
        {"channel": channel, "ids": list(provider_ids), "strangers": strangers},
    )
    return frozenset(found)


async def _origin(session: AsyncSession, inbound: Inbound, *, key: bytes) -> Mapping[str, Any] | None:
    """The message of ours this answers, when the evidence names one."""
    # `reply+` of Reply-To, or `unsub+` of List-Unsubscribe: whoever has either was written to.
    named = (outbox.read_message_token(key, purpose, inbound.token) for purpose in ("reply", "unsubscribe"))
    token = next((found for found in named if found), None)
    references = [str(r) for r in inbound.in_reply_to]
    if token is None and not references:
        return None
    ids = [i for i in [token, *(_uuid(r) for r in references)] if i is not None]
    return await db.one(session, _BY_MESSAGE, ids=ids, provider_ids=references)


def _uuid(reference: str) -> UUID | None:
    """Our Message-ID begins with the message's id."""
    try:
        return UUID(reference.strip("<>").partition("@")[0].partition(".")[0])
    except ValueError:
        return None


async def _unrouted(
    session: AsyncSession, inbound: Inbound, *, channel: str, labels: Sequence[str], now: datetime
) -> bool:
    """False when it was kept before."""
    kept = await session.execute(
        sa.text(
            "insert into unrouted_inbound (channel, provider_id, sender, recipient, subject, text, labels, at, raw)"
            " values (:channel, :provider_id, :sender, :to, :subject, :text, :labels, :now, cast(:raw as jsonb))"
            " on conflict (channel, provider_id) do nothing returning id"
        ).bindparams(sa.bindparam("labels", type_=sa.ARRAY(sa.Text))),
        {
            "channel": channel,
            "provider_id": inbound.provider_id,
            "sender": inbound.sender,
            "to": inbound.to,
            "subject": inbound.subject[:500],
            "text": inbound.text,
            "labels": list(labels),
            "now": now,
            "raw": json.dumps(dict(inbound.raw), default=str),
        },
    )
    return kept.first() is not None


async def _attach(session: AsyncSession, message_id: UUID, inbound: Inbound) -> None:
    for file in inbound.attachments:
        await session.execute(
            sa.text(
                "insert into attachment (message_id, name, content_type, size, sha256, content, url)"
                " values (:message_id, :name, :type, :size, :sha, :content, :url)"
            ),
            {
                "message_id": message_id,
                "name": file.name[:200],
                "type": file.content_type[:100],
                "size": len(file.content),
                "sha": hashlib.sha256(file.content).hexdigest(),
                "content": file.content,
                "url": file.url[:2000],
            },
        )


async def _touch_thread(session: AsyncSession, debtor_id: int, inbound: Inbound, *, now: datetime) -> None:
    """A machine's answer is stored but waits for nobody."""
    waiting = inbound.kind == "reply"
    await session.execute(
        sa.text(
            "insert into thread (debtor_id, last_in_at, unanswered_since) values (:id, :now, :since)"
            " on conflict (debtor_id) do update set last_in_at = :now,"
            " unanswered_since = coalesce(thread.unanswered_since, :since)"
        ).bindparams(sa.bindparam("since", type_=sa.DateTime(timezone=True))),
        {"id": debtor_id, "now": now, "since": now if waiting else None},
    )
