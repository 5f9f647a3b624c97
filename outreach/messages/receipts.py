"""Provider news in. Stored once by event key; a status is moved by rank, never backwards, whatever order news arrives in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from channels.contract import FailureClass, Receipt, ReceiptState
from outreach import db
from outreach.accounts import service as accounts
from outreach.accounts.models import HoldReason, PointStatus
from outreach.messages import contacts, silence
from outreach.messages.states import MessageStatus, sources

#: provider's word -> our status; queue states only prove that the provider took it
_THEN = {
    ReceiptState.ACCEPTED: MessageStatus.ACCEPTED,
    ReceiptState.QUEUED: MessageStatus.ACCEPTED,
    ReceiptState.SENDING: MessageStatus.ACCEPTED,
    ReceiptState.SENT: MessageStatus.SENT,
    ReceiptState.FAILED: MessageStatus.FAILED,
    ReceiptState.DELIVERED: MessageStatus.DELIVERED,
    ReceiptState.READ: MessageStatus.DELIVERED,
}

_STORE = """
insert into provider_receipt (channel, event_key, provider_id, message_id, state, code, reason, at, raw)
values (:channel, :event_key, :provider_id, :message_id, :state, :code, :reason, :now, cast(:raw as jsonb))
on conflict (channel, event_key) do nothing returning id
"""
_FIND = """
select id, debtor_id, medium, status, address, account_ids, contact_point_id from message
where direction = 'out' and channel = :channel
  and (id = cast(:message_id as uuid) or (cast(:message_id as uuid) is null and provider_id = :provider_id))
"""
_MOVE = """
update message set status = cast(:then as text), provider_id = coalesce(provider_id, nullif(cast(:provider_id as text), '')),
  settled_at = :now, lease_until = null, sent_at = coalesce(sent_at, :now),
  code = case when cast(:then as text) = 'failed' then :code else code end,
  reason = case when cast(:then as text) = 'failed' then :reason else '' end
where id = :id and status = any(:sources)
"""


async def take(session: AsyncSession, receipt: Receipt, *, channel: str, now: datetime) -> bool:
    """Store and apply one piece of news; False when it was known already or names nothing of ours."""
    stored = await session.execute(
        sa.text(_STORE).bindparams(sa.bindparam("message_id", type_=sa.Uuid)),
        {
            "channel": channel,
            "event_key": receipt.event_key,
            "provider_id": receipt.provider_id,
            "message_id": receipt.message_id,
            "state": str(receipt.state),
            "code": receipt.code,
            "reason": receipt.reason,
            "now": now,
            "raw": json.dumps(dict(receipt.raw), default=str),
        },
    )
    if stored.scalar_one_or_none() is None:
        return False
    message = await db.one(
        session, _FIND, channel=channel, message_id=receipt.message_id, provider_id=receipt.provider_id
    )
    if message is None:
        return False
    await _move(session, message, receipt, now=now)
    await _consequences(session, message, receipt, channel=channel, now=now)
    return True


async def _move(session: AsyncSession, message: Mapping[str, Any], receipt: Receipt, *, now: datetime) -> None:
    then = _THEN[receipt.state]
    await session.execute(
        sa.text(_MOVE),
        {
            "id": message["id"],
            "then": str(then),
            "provider_id": receipt.provider_id,
            "now": now,
            "code": receipt.code,
            "reason": receipt.reason,
            "sources": sources(then),
        },
    )
    await session.execute(
        sa.text(
            "update attempt set outcome = 'accepted', provider_id = :provider_id, recorded_at = :now"
            " where message_id = :id and (outcome is null or outcome = 'unknown')"
            " and number = coalesce(cast(:number as int), number)"
        ),
        {"id": message["id"], "provider_id": receipt.provider_id, "now": now, "number": receipt.attempt},
    )
    await contacts.count(session, ids=[message["id"]])


async def _consequences(
    session: AsyncSession, message: Mapping[str, Any], receipt: Receipt, *, channel: str, now: datetime
) -> None:
    """A dead address is dead; a complaint or a carrier's opt-out is an opt-out."""
    actor = f"provider:{channel}"
    if receipt.complaint or receipt.failure is FailureClass.OPT_OUT:
        await silence.opt_out(
            session,
            now=now,
            debtor_id=message["debtor_id"],
            medium=message["medium"],
            via="complaint" if receipt.complaint else "provider",
            actor=actor,
            words=receipt.code,
            message_id=message["id"],
        )
        if receipt.complaint:
            await silence.hold(
                session,
                now=now,
                debtor_id=message["debtor_id"],
                reason=HoldReason.COMPLAINT,
                actor=actor,
                medium=message["medium"],
                contact_point_id=message["contact_point_id"],
            )
    if receipt.failure is FailureClass.PERM_ADDR:
        address = receipt.address or message["address"]
        await accounts.mark_point(session, now=now, address=address, status=PointStatus.DEAD, actor=actor)
