"""For those who run it: alive, ready, measured."""

from __future__ import annotations

import time

import sqlalchemy as sa
from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from outreach import db, tokens
from outreach.web.deps import ContextDep

#: ids are in order of time, so that the last hour is the end of one index however old the house is
_STATES = "select direction, channel, status, count(*) as n from message where id > :since group by 1, 2, 3"
#: counting a backlog stops here
MOST = 100_000
_QUEUE = """
select (select count(*) from (select 1 from message where status = 'queued' and not paused and not_before <= :now
    limit :most) d) as due,
  (select count(*) from message where status = 'unknown') as unknown,
  (select count(*) from cases where status <> 'closed') as cases,
  (select count(*) from cases where status <> 'closed' and due_at < :now) as late,
  (select count(*) from lane where stopped_at is not null) as stopped,
  (select count(*) from thread where unanswered_since is not null) as unanswered
"""


def router() -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/healthz")
    async def alive() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @routes.get("/readyz")
    async def ready(context: ContextDep, response: Response) -> dict[str, object]:
        """The database answers; the channels that are on are named."""
        try:
            async with context.engine.connect() as connection:
                await connection.execute(sa.text("select 1"))
        except (sa.exc.SQLAlchemyError, OSError):
            response.status_code = 503
            return {"status": "no database"}
        return {"status": "ready", "channels": sorted(context.channels)}

    @routes.get("/metrics")
    async def metrics(context: ContextDep) -> Response:
        """Counts only: no person, no address."""
        registry = CollectorRegistry()
        messages = Gauge(
            "outreach_messages_last_hour",
            "Messages made in the last hour, by state",
            ["direction", "channel", "status"],
            registry=registry,
        )
        async with context.engine.connect() as connection:
            for row in await db.rows(connection, _STATES, since=tokens.first_id(time.time() - 3600)):
                messages.labels(row["direction"], row["channel"], row["status"]).set(row["n"])
            queue = await db.one(connection, _QUEUE, now=context.now(), most=MOST)
        for name, value in (queue or {}).items():
            Gauge(f"outreach_{name}", f"{name} now", registry=registry).set(value)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return routes
