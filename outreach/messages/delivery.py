"""The worker's loop: every lane of the configured channels, woken by NOTIFY. At most once by construction.

Any number of workers on any number of machines run this loop; they share load and rate through PostgreSQL alone. The one part
of the application that commits below the edge, because a provider must never be on the line inside a transaction.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import random
import secrets
import socket
from collections.abc import Mapping
from datetime import datetime

import psycopg
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from outreach import db
from outreach.context import Context
from outreach.messages import flow, lanes, recorder, restored, sweep
from outreach.messages.outbox import WAKE

log = structlog.get_logger()

#: How often each worker looks after what dead ones left: their journals on this machine, and leases that ended anywhere.
TIDY_SECONDS = 5.0


class Loop:
    """Delivery of every lane of the configured channels in this process."""

    def __init__(self, context: Context) -> None:
        engine = db.engine(context.engine.url.render_as_string(hide_password=False), pool_size=20, planned_once=True)
        self.context = dataclasses.replace(context, engine=engine)
        worker = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"  # containers share names and numbers
        names = [lanes.lane_of(c, campaign=campaign) for c in context.channels for campaign in (False, True)]
        self._flows = {name: flow.Flow(self.context, lane=name, worker=worker) for name in names}

    async def __call__(self, stop: asyncio.Event) -> None:
        """Run until `stop` is set; what is in flight then is finished and recorded."""
        async with self.context.session() as session:
            await restored.check(session, now=self.context.now())
            await lanes.ensure(session, settings=self.context.settings, now=self.context.now())
        beside = [asyncio.create_task(each) for each in (self._listen(), self._tidy(), self._wake_to(stop))]
        try:
            async with asyncio.TaskGroup() as group:
                for flow in self._flows.values():
                    group.create_task(flow.run(stop))
        finally:
            for task in beside:
                task.cancel()
            await asyncio.wait(beside)
            await self.context.engine.dispose()

    async def drain(self, lane: str) -> None:
        """Deliver what is due on one lane now, and return."""
        try:
            await self._flows[lane].drain()
        finally:
            await self.context.engine.dispose()

    async def _wake_to(self, stop: asyncio.Event) -> None:
        """A lane with nothing due does not sleep on when it is told to stop."""
        await stop.wait()
        for each in self._flows.values():
            each.wake.set()

    async def _tidy(self) -> None:
        """Beside the house's own timer: a job may lie in the hands of the very worker that hangs."""
        while True:
            await recorder.adopt(self.context)
            with contextlib.suppress(*db.OUTAGE):
                async with self.context.session() as session:
                    await sweep.sweep(session, now=self.context.now())
            await asyncio.sleep(TIDY_SECONDS * random.uniform(0.8, 1.2))  # noqa: S311  # spreads load

    async def _listen(self) -> None:
        """NOTIFY wakes the lane it names; a lost connection only costs half a second of latency."""
        url = self.context.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
                    await connection.execute(f"listen {WAKE}")
                    async for notice in connection.notifies():
                        if notice.payload in self._flows:
                            self._flows[notice.payload].wake.set()
            except (psycopg.Error, OSError) as error:
                log.warning("listen_lost", error=type(error).__name__)
            await asyncio.sleep(flow.IDLE_SECONDS)


async def queued(engine: AsyncEngine, *, now: datetime) -> Mapping[str, int]:
    """Due messages by lane: for progress and readiness."""
    async with engine.connect() as connection:
        found = await db.rows(
            connection,
            "select lane, count(*) as n from message where status = 'queued' and not paused and not_before <= :now group by lane",
            now=now,
        )
    return {row["lane"]: row["n"] for row in found}
