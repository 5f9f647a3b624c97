"""What time does to campaigns: slices, starts, the end, and the brake. Each job asks the rows what is to do."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.campaigns import brake, planning, queue, service
from outreach.context import Context
from scheduler.jobs import Retry, enqueue, job
from scheduler.timers import Timer, every

log = structlog.get_logger()

#: Slices a job does before it lets others have the worker.
SLICES = 20
#: Planners of one campaign at once, over all workers.
PLANNERS = 4

_DUE = "select id, next_run_at from campaign where status in ('scheduled', 'running') and next_run_at is not null"
_WORK = """
select c.id from campaign c where c.status = 'running' and (c.planned_at is null or exists (
  select 1 from enrollment e where e.campaign_id = c.id and e.status = 'waiting' and e.next_at <= :now))
"""
#: Nothing left to send. An unknown SMS may yet go back to the queue; an unknown email never does.
_FINISH = """
update campaign c set status = 'finished', finished_at = :now
where c.status = 'running' and c.planned_at is not null and c.next_run_at is null
  and not exists (select 1 from enrollment e where e.campaign_id = c.id and e.status = 'waiting')
  and not exists (select 1 from message m where m.campaign_id = c.id and m.direction = 'out'
    and (m.status in ('queued', 'claimed', 'sending') or (m.status = 'unknown' and m.medium = 'sms')))
returning c.id, c.name
"""
#: A worker gave these back just when the status changed, or whoever changed it ended before the queue followed.
_UNMARKED = """
select c.id from campaign c where c.status in ('paused', 'running', 'cancelled')
  and (c.status <> 'cancelled' or c.finished_at > :now - interval '1 day')
  and exists (select 1 from message m where m.campaign_id = c.id and m.status = 'queued' and m.direction = 'out'
    and (c.status = 'cancelled' or m.paused = (c.status = 'running')))
"""


async def due(context: Context) -> Sequence[Timer]:
    """Next moment of every scheduled and recurring campaign, for the clock."""
    async with context.engine.connect() as connection:
        found = await db.rows(connection, _DUE)
    return [Timer(f"campaign:{row['id']}", start.name, row["next_run_at"], {"campaign_id": row["id"]}) for row in found]


async def request_plan(session: AsyncSession, campaign_id: int, *, planners: int = PLANNERS) -> None:
    """In the caller's transaction. One waiting request a planner is enough."""
    connection = await session.connection()
    for planner in range(planners):
        lock = f"plan:{campaign_id}:{planner}"
        await enqueue(connection, service.PLAN, queueing_lock=lock, campaign_id=campaign_id)


@job(name="campaigns.start", queue="campaigns", retry=Retry(max_attempts=5, exponential_wait=2))
async def start(context: Context, campaign_id: int) -> None:
    """A campaign's moment has come."""
    async with context.session() as session:
        if await service.start_occurrence(session, campaign_id, now=context.now()):
            await request_plan(session, campaign_id)


@job(name=service.PLAN, queue="campaigns", retry=Retry(max_attempts=5, exponential_wait=2))
async def plan(context: Context, campaign_id: int) -> None:
    """Plan slices until nothing is left to do now."""
    for _ in range(SLICES):
        try:
            async with context.session() as session:
                done = await planning.plan_slice(session, campaign_id, now=context.now(), settings=context.settings)
        except planning.OvertakenError:
            return
        if not done.more:
            return
    async with context.session() as session:
        await request_plan(session, campaign_id, planners=1)


@every(seconds=2)
@job(name="campaigns.sweep", queue="campaigns")
async def sweep(context: Context) -> None:
    """Later steps that fell due, slices whose job was lost, brakes, and the end."""
    now = context.now()
    async with context.session() as session:
        for row in await db.rows(session, _WORK, now=now):
            await request_plan(session, row["id"])
        await brake.apply(session, now=now)
        for row in await db.rows(session, _FINISH, now=now):
            log.info("campaign_finished", campaign=row["name"])
        unmarked = await db.rows(session, _UNMARKED, now=now)
    for row in unmarked:
        await queue.mark(context.engine, row["id"], now=now)
