"""Where a creditor wants to be told: an address, the events it wants, and a secret to know us by."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db
from outreach.errors import OutreachError
from outreach.partners import events, vault

#: of one creditor at a time
MOST = 20
#: how long both secrets sign after a change
CHANGE_OVER = timedelta(days=1)
#: Standard Webhooks: how a secret is told from other text
PREFIX = "whsec_"


class EndpointError(OutreachError):
    """This endpoint cannot be made."""

    status = 422


class UnknownEndpointError(OutreachError):
    """There is no such endpoint. List them to see which there are."""

    status = 404


async def add(
    session: AsyncSession,
    *,
    now: datetime,
    creditor_id: int,
    url: str,
    types: Sequence[str],
    actor: str,
    secret: bytes,
    plain_http: bool = False,
) -> tuple[int, str]:
    """Tell an address from now on; its id and its secret, shown once. No `types` (of `events.TYPES`): every event.

    `plain_http` is for development: addresses are then allowed without TLS. Raises EndpointError.
    """
    _check(url, plain_http=plain_http)
    await session.execute(sa.text("select 1 from creditor where id = :id for update"), {"id": creditor_id})
    if len(await every(session, creditor_id=creditor_id)) >= MOST:
        raise EndpointError(f"A creditor may have {MOST} endpoints. Remove one first.")
    shown = _new_secret()
    made = await session.scalar(
        sa.text(
            "insert into partner_endpoint (creditor_id, url, events, secret, created_at)"
            " values (:creditor_id, :url, :events, :secret, :now) returning id"
        ),
        {
            "creditor_id": creditor_id,
            "url": url,
            "events": " ".join(dict.fromkeys(types)),
            "secret": vault.seal(secret, shown.encode()),
            "now": now,
        },
    )
    await _tell(session, now=now, endpoint_id=int(made or 0), actor=actor, action="endpoint.added")
    return int(made or 0), shown


async def rotate(
    session: AsyncSession, *, now: datetime, creditor_id: int, endpoint_id: int, actor: str, secret: bytes
) -> str:
    """Another secret, shown once; the old one signs along for a day. Raises UnknownEndpointError."""
    shown = _new_secret()
    changed = await db.change(
        session,
        "update partner_endpoint set old_secret = secret, old_until = :until, secret = :secret"
        " where id = :id and creditor_id = :creditor_id and ended_at is null",
        until=now + CHANGE_OVER,
        secret=vault.seal(secret, shown.encode()),
        id=endpoint_id,
        creditor_id=creditor_id,
    )
    if not changed:
        raise UnknownEndpointError
    await _tell(session, now=now, endpoint_id=endpoint_id, actor=actor, action="endpoint.secret_changed")
    return shown


async def end(
    session: AsyncSession, *, now: datetime, endpoint_id: int, actor: str, creditor_id: int | None = None
) -> None:
    """Tell it nothing more; what waits for it is dropped. Without `creditor_id`, whoever's it is (an administrator)."""
    changed = await db.change(
        session,
        "update partner_endpoint set ended_at = :now where id = :id and ended_at is null"
        " and (cast(:creditor_id as bigint) is null or creditor_id = :creditor_id)",
        now=now,
        id=endpoint_id,
        creditor_id=creditor_id,
    )
    if not changed:
        raise UnknownEndpointError
    await session.execute(
        sa.text("delete from partner_delivery where endpoint_id = :id and status <> 'delivered'"), {"id": endpoint_id}
    )
    await _tell(session, now=now, endpoint_id=endpoint_id, actor=actor, action="endpoint.ended")


async def trial(session: AsyncSession, *, now: datetime, creditor_id: int, endpoint_id: int, actor: str) -> int:
    """Send it one event that means nothing; the event's id. Raises UnknownEndpointError."""
    found = await session.scalar(
        sa.text(
            "with made as (insert into partner_event (creditor_id, type, at) select creditor_id, :type, :now"
            "   from partner_endpoint where id = :id and creditor_id = :creditor_id and ended_at is null returning id),"
            " told as (insert into partner_delivery (endpoint_id, event_id, queued_at, due_at)"
            "   select :id, id, :now, :now from made) select id from made"
        ),
        {"type": events.TRIAL, "now": now, "id": endpoint_id, "creditor_id": creditor_id},
    )
    if found is None:
        raise UnknownEndpointError
    await _tell(session, now=now, endpoint_id=endpoint_id, actor=actor, action="endpoint.tried")
    return int(found)


async def replay(
    session: AsyncSession, *, now: datetime, creditor_id: int, endpoint_id: int, after: int, actor: str
) -> int:
    """Tell it again, in order, what happened after an event, parked ones included; how many events are in line."""
    if not await db.one(
        session,
        "select 1 from partner_endpoint where id = :id and creditor_id = :creditor_id and ended_at is null for update",
        id=endpoint_id,
        creditor_id=creditor_id,
    ):
        raise UnknownEndpointError
    await _tell(session, now=now, endpoint_id=endpoint_id, actor=actor, action="endpoint.replayed")
    return await db.change(
        session,
        "insert into partner_delivery (endpoint_id, event_id, account_id, queued_at, due_at)"
        " select e.id, v.id, v.account_id, :now, :now from partner_endpoint e join partner_event v on v.creditor_id = e.creditor_id"
        "   and (e.events = '' or v.type = any(string_to_array(e.events, ' '))) and v.audit_id is not null"
        " where e.id = :id and v.id > :after order by v.id"
        " on conflict (endpoint_id, event_id) do update set status = 'waiting', attempts = 0, queued_at = :now, due_at = :now",
        now=now,
        id=endpoint_id,
        after=after,
    )


async def every(session: AsyncSession, *, creditor_id: int | None = None) -> Sequence[Mapping[str, Any]]:
    """Endpoints in use with how they do: `waiting`, `parked`, `failing_since` the oldest one tried in vain, `answer` last."""
    return await db.rows(
        session,
        "select e.id, c.name as creditor, e.url, e.events, e.created_at, e.old_until, d.waiting, d.parked, d.failing_since,"
        " d.delivered_at, d.answer from partner_endpoint e join creditor c on c.id = e.creditor_id left join lateral ("
        " select count(*) filter (where status = 'waiting') as waiting, count(*) filter (where status = 'parked') as parked,"
        "   min(queued_at) filter (where status = 'waiting' and attempts > 0 and answer <> '') as failing_since,"
        "   max(tried_at) filter (where status = 'delivered') as delivered_at,"
        "   (array_agg(answer order by tried_at desc) filter (where tried_at is not null))[1] as answer"
        " from partner_delivery where endpoint_id = e.id) d on true"
        " where e.ended_at is null and (cast(:creditor_id as bigint) is null or e.creditor_id = :creditor_id) order by e.id",
        creditor_id=creditor_id,
    )


def _new_secret() -> str:
    return PREFIX + base64.b64encode(os.urandom(32)).decode()


def _check(url: str, *, plain_http: bool) -> None:
    """Where it leads is judged at each connection; here only what can be told from the words."""
    try:
        parts = urlsplit(url)
        known = parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        known = None
    if not known or not url.isascii() or not url.isprintable() or " " in url:
        raise EndpointError("Write an address like https://hooks.example.com/outreach.")
    if parts.scheme != "https" and not (plain_http and parts.scheme == "http"):
        raise EndpointError("Events are sent over https only.")
    if parts.username or parts.password or parts.fragment:
        raise EndpointError("Leave user, password and fragment out of the address: events are signed instead.")


async def _tell(session: AsyncSession, *, now: datetime, endpoint_id: int, actor: str, action: str) -> None:
    await audit.record(session, now=now, actor=actor, action=action, subject=f"endpoint:{endpoint_id}")
