"""Who takes part: the audience, walked by id with a cursor in the campaign's row. Cheap: no facts, no words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.campaigns import audience
from outreach.campaigns.definition import Definition

#: People enrolled at once, in one statement.
BATCH = 5_000
#: Advisory lock space (two-key form): one enrols, others go on planning.
ENROL_LOCK = 7005

_ENROL = """
with next as (select * from ({people}) matching where matching.id > :after order by matching.id limit :batch),
put as (
  insert into enrollment as e (campaign_id, debtor_id, status, next_step, next_at, enrolled_at)
  select :campaign, id, 'waiting', :first, :due, :now from next order by id
  on conflict (campaign_id, debtor_id) do update set status = 'waiting', next_step = excluded.next_step,
    next_at = excluded.next_at, enrolled_at = excluded.enrolled_at, excluded = '', ended_at = null
  where e.next_step <= excluded.next_step and e.status <> 'waiting')
select count(*) as people, max(id) as last from next
"""
_CLOSE = """
update campaign set planned_to = coalesce(:last, planned_to),
  planned_at = coalesce(planned_at, case when :planned then cast(:now as timestamptz) end)
where id = :id and status = 'running' returning id
"""


async def enrol(
    session: AsyncSession, campaign: Mapping[str, Any], definition: Definition, *, now: datetime
) -> int | None:
    """Enrol the next people of the audience; None when all are, or another planner is at it.

    The cursor moves last of all: the campaign's row is locked for an instant, and a pause never waits for a batch.
    """
    if campaign["planned_at"] is not None or not await session.scalar(
        sa.text("select pg_try_advisory_xact_lock(:space, cast(:id % 2147483648 as int))"),
        {"space": ENROL_LOCK, "id": campaign["id"]},
    ):
        return None
    # Another planner may have moved the cursor between the caller's look and the lock.
    cursor = await db.one(session, "select planned_to, planned_at from campaign where id = :id", id=campaign["id"])
    if cursor is None or cursor["planned_at"] is not None:
        return None
    steps = definition.steps
    found = await db.one(
        session,
        _ENROL.format(people=audience.people(definition.audience)),
        **audience.values(definition.audience, now=now)
        | {"now": now}
        | {"campaign": campaign["id"], "after": cursor["planned_to"], "batch": BATCH}
        | {
            "first": (max(campaign["occurrence"], 1) - 1) * len(steps) + 1,
            "due": now + timedelta(days=steps[0].after_days),
        },
    )
    assert found is not None  # an aggregate always has a row
    await session.execute(
        sa.text(_CLOSE).bindparams(sa.bindparam("last", type_=sa.BigInteger)),
        {"last": found["last"], "planned": found["people"] < BATCH, "now": now, "id": campaign["id"]},
    )
    return int(found["people"])
