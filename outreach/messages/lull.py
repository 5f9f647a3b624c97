"""Back-off for one recipient's mail system: where it asks for patience, mails to all its people wait, and nobody else's.

One dead domain then costs a trial now and then instead of a try for each of its people (channel-facts 2.9).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from outreach import db

#: The first wait; each further refusal doubles it, up to the longest.
FIRST = timedelta(minutes=1)
LONGEST = timedelta(hours=1)
#: How long the others wait while one of them tries.
TRIAL = timedelta(seconds=30)

_NOTE = """
insert into lull as l (channel, scope, until)
select :channel, scope, :now + :first from unnest(cast(:scopes as text[])) scope
on conflict (channel, scope) do update set strikes = l.strikes + 1,
  until = :now + least(cast(:longest as interval), cast(:first as interval) * 2 ^ least(l.strikes, 10)) * (0.8 + 0.4 * random())
where l.until <= :now + :trial
"""
_END = "delete from lull where channel = :channel and scope = any(:scopes)"
_KNOWN = "select scope, until from lull where channel = :channel and scope = any(:scopes)"
#: Only one batch of one worker gets to try.
_TRY = (
    "update lull set until = :until where channel = :channel and scope = any(:scopes) and until <= :now returning scope"
)
_WAIT = """
update message m set status = 'queued', lease_until = null, not_before = u.until
from unnest(cast(:ids as uuid[]), cast(:untils as timestamptz[])) u(id, until) where m.id = u.id and m.status = 'claimed'
"""


async def sift(
    connection: AsyncConnection, messages: Sequence[Mapping[str, Any]], *, channel: str, now: datetime
) -> tuple[list[Mapping[str, Any]], list[UUID]]:
    """(may be tried now, put back until their system's wait is over). When it is over, one of them tries first."""
    scopes = {m["scope"] for m in messages if m["scope"]}
    known = {}
    if scopes:
        known = {
            r["scope"]: r["until"] for r in await db.rows(connection, _KNOWN, channel=channel, scopes=list(scopes))
        }
    over = [scope for scope, until in known.items() if until <= now]
    trials = await _tried(connection, over, channel=channel, now=now) if over else set()
    go: list[Mapping[str, Any]] = []
    waits: dict[UUID, datetime] = {}
    for message in messages:
        until = known.get(message["scope"])
        if until is None or message["scope"] in trials:
            go.append(message)
            trials.discard(message["scope"])
        else:
            waits[message["id"]] = max(until, now + TRIAL)
    if waits:
        await connection.execute(db.text(_WAIT), {"ids": list(waits), "untils": list(waits.values())})
    return go, list(waits)


async def _tried(connection: AsyncConnection, scopes: Sequence[str], *, channel: str, now: datetime) -> set[str]:
    """The systems one of whose people may be written to now, to see."""
    found = await db.rows(connection, _TRY, channel=channel, scopes=list(scopes), now=now, until=now + TRIAL)
    return {row["scope"] for row in found}


async def note(
    connection: AsyncConnection, *, channel: str, refusing: Collection[str], taking: Collection[str], now: datetime
) -> None:
    """What the recipients' systems said: one that took a mail has no lull any more."""
    if taking:
        await connection.execute(db.text(_END), {"channel": channel, "scopes": sorted(taking)})
    if asking := sorted(set(refusing) - set(taking)):
        await connection.execute(
            db.text(_NOTE).bindparams(
                *(sa.bindparam(name, type_=sa.Interval) for name in ("first", "longest", "trial"))
            ),
            {"channel": channel, "scopes": asking, "now": now, "first": FIRST, "longest": LONGEST, "trial": TRIAL},
        )
