"""A database that was restored from a backup does not know what left since: nothing is sent until an operator says so.

Detected by the database's own identity (cluster, database, timeline): every restore, copy and failover changes one of them.
After a failover that lost nothing the release costs a minute; after a restore, sending on would tell people twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db

log = structlog.get_logger()

HELD = "sending_held"
HOME = "database_identity"

_IDENTITY = """
select concat_ws(':', (select system_identifier from pg_control_system()), d.oid,
  left(pg_walfile_name(pg_current_wal_lsn()), 8)) from pg_database d where d.datname = current_database()
"""
_REMEMBER = """
insert into setting (name, value) values (:name, to_jsonb(cast(:value as text))) on conflict (name) do nothing
"""
_HOLD = """
insert into setting (name, value) values (:name, jsonb_build_object('since', cast(:now as timestamptz), 'why', cast(:why as text)))
on conflict (name) do nothing
"""
#: What was due may have left after the backup was made. Texts are asked about at the provider, mails are listed.
_DOUBT = """
with doubtful as (
  update message set status = 'unknown', attempts = attempts + 1, fence = fence + 1, lease_until = null, checked_at = :now,
    checks = 0, sent_at = :last, reason = 'the database was restored; it may have left before'
  where direction = 'out' and status in ('queued', 'claimed', 'sending') and not_before <= :now returning id, attempts, fence
)
insert into attempt (message_id, number, worker, fence, started_at, body_hash, outcome, reason, recorded_at)
select id, attempts, 'restored', fence, :last, '', 'unknown', 'restored', :now from doubtful
"""


async def check(session: AsyncSession, *, now: datetime) -> bool:
    """Is this the database we sent from? Where it is another, all sending is held. True: sending is free."""
    identity = await session.scalar(sa.text(_IDENTITY))
    await session.execute(sa.text(_REMEMBER), {"name": HOME, "value": identity})
    known = await session.scalar(sa.text("select value #>> '{}' from setting where name = :name"), {"name": HOME})
    if known != identity:
        why = "This database was restored or copied: it does not know what was sent since."
        await session.execute(sa.text(_HOLD), {"name": HELD, "now": now, "why": why})
    held = await status(session)
    if held is not None:
        log.error("sending_held", why=held["why"], release="outreach delivery release")
    return held is None


async def status(session: AsyncSession) -> Mapping[str, Any] | None:
    """Since when and why nothing is sent; None when nothing is held."""
    found: Mapping[str, Any] | None = await session.scalar(
        sa.text("select value from setting where name = :name"), {"name": HELD}
    )
    return found


async def release(session: AsyncSession, *, now: datetime, actor: str, why: str) -> int:
    """Send again. Messages that may have left after the backup become unknown; returns how many."""
    if await status(session) is None:
        return 0
    last = await session.scalar(
        sa.text(
            "select coalesce(max(at), :now) from (select max(started_at) as at from attempt union all"
            " select max(created_at) from message) known"
        ),
        {"now": now},
    )
    doubted = await db.change(session, _DOUBT, now=now, last=last)
    await session.execute(sa.text("delete from setting where name in (:held, :home)"), {"held": HELD, "home": HOME})
    await check(session, now=now)
    await audit.record(session, now=now, actor=actor, action="release_sending", why=why, doubted=doubted)
    return doubted
