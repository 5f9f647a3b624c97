"""The worker's loop over one lane: claim, ask again, gate, send, record. At most once by construction.

Any number of workers on any number of machines run this loop; they share load and rate through PostgreSQL alone. The one part
of the application that commits below the edge, because a provider must never be on the line inside a transaction.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from channels.contract import Channel, Outgoing, SendError, Sent, Unsure
from outreach import db
from outreach.context import Context
from outreach.messages import gate, lanes, outbox
from outreach.messages.outbox import WAKE
from outreach.messages.prepare import Ready, prepare
from outreach.messages.record import Outcome, outcome_of, record

log = structlog.get_logger()

#: Messages taken at once: large enough to share queries, small enough that a pause or a STOP finds most still queued.
BATCH = 200
#: Longest sleep when nothing is due; a NOTIFY ends it sooner.
IDLE_SECONDS = 0.5
#: Recording an outcome is tried this long: afterwards the lease makes it unknown, never a second send.
RECORD_SECONDS = 30.0


class Loop:
    """Delivery of every lane of the configured channels in this process."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.worker = f"{socket.gethostname()}:{os.getpid()}"
        self._wake: dict[str, asyncio.Event] = {}
        sender = context.settings.mail_from.rstrip(">").rpartition("@")[2]
        self._mail_domain = context.settings.mail_domain or sender

    async def __call__(self, stop: asyncio.Event) -> None:
        """Run until `stop` is set; what is in flight then is finished and recorded."""
        async with self.context.session() as session:
            await lanes.ensure(session, settings=self.context.settings, now=self.context.now())
        names = [lanes.lane_of(c, campaign=campaign) for c in self.context.channels for campaign in (False, True)]
        self._wake = {name: asyncio.Event() for name in names}
        async with asyncio.TaskGroup() as group:
            listener = group.create_task(self._listen())
            tasks = [group.create_task(self._lane(name, stop)) for name in names]
            await asyncio.gather(*tasks)
            listener.cancel()

    async def drain(self, lane: str) -> None:
        """Deliver what is due on one lane now, and return: for a rehearsal that keeps its own time."""
        async with asyncio.TaskGroup() as waves:
            while await self._round(lane, gate.WAVE, asyncio.Semaphore(1), waves):
                pass

    async def _listen(self) -> None:
        """NOTIFY wakes the lane it names; a lost connection only costs half a second of latency."""
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                try:
                    async with self.context.engine.connect() as plain:
                        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
                        await connection.execute(sa.text(f"listen {WAKE}"))
                        async for notice in (await db.driver(connection)).notifies():
                            if event := self._wake.get(notice.payload):
                                event.set()
                except (sa.exc.SQLAlchemyError, OSError) as error:
                    log.warning("listen_lost", error=type(error).__name__)
                    await asyncio.sleep(IDLE_SECONDS)

    async def _lane(self, lane: str, stop: asyncio.Event) -> None:
        adapter = self.context.channels[lane.partition(":")[0]]
        # A wave never waits for a connection of the adapter's pool: that would be time between the gate and the byte.
        room = min(self.context.settings.worker_concurrency, getattr(adapter, "concurrency", gate.WAVE))
        size = min(gate.WAVE, room)
        slots = asyncio.Semaphore(max(1, room // size))
        async with asyncio.TaskGroup() as waves:
            while not stop.is_set():
                try:
                    busy = await self._round(lane, size, slots, waves)
                except (sa.exc.SQLAlchemyError, OSError) as error:
                    # A database that cannot commit: no attempt, so no byte (channel-facts section 3).
                    log.error("delivery_paused", lane=lane, error=type(error).__name__)
                    busy = False
                if not busy:
                    await self._idle(lane, stop)

    async def _idle(self, lane: str, stop: asyncio.Event) -> None:
        wake = self._wake[lane]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(IDLE_SECONDS):
                await wake.wait()
        wake.clear()

    async def _round(self, lane: str, size: int, slots: asyncio.Semaphore, waves: asyncio.TaskGroup) -> bool:
        """One claim and its waves; False when nothing was due."""
        context = self.context
        now = context.now()
        await slots.acquire()  # wait for room before claiming: nothing is held that cannot be sent at once
        slots.release()
        claimed = await lanes.claim(
            context.engine, lane=lane, now=now, most=BATCH, lease_seconds=context.settings.lease_seconds
        )
        if not claimed:
            return False
        ready = await prepare(context, lane=lane, claimed=claimed, worker=self.worker, now=now)
        for part in (ready[n : n + size] for n in range(0, len(ready), size)):
            await slots.acquire()
            task = waves.create_task(self._wave(lane, part))
            task.add_done_callback(lambda _: slots.release())
        return True

    async def _wave(self, lane: str, ready: Sequence[Ready]) -> None:
        """Gate, send concurrently, record; the person locks go half a second after the check at the latest."""
        adapter: Channel = self.context.channels[lane.partition(":")[0]]
        answers: dict[Any, Sent | SendError | None] = {}
        sending: asyncio.Future[Any] | None = None
        try:
            async with gate.wave(self.context.engine, ready, now=self.context.now()) as passed:
                sending = asyncio.gather(*(self._send(adapter, r, passed, answers) for r in ready))
                # Whoever silences a person waits for these locks: hold them only while a byte may still leave.
                await asyncio.wait([sending], timeout=gate.FRESH)
        except (sa.exc.SQLAlchemyError, OSError) as error:
            log.error("gate_failed", lane=lane, error=type(error).__name__)
        if sending is not None:
            await sending
        outcomes = [outcome_of(r, answers.get(r.message_id)) for r in ready]
        await self._record(lane, outcomes)

    async def _send(
        self, adapter: Channel, ready: Ready, passed: gate.Pass, answers: dict[Any, Sent | SendError | None]
    ) -> None:
        if ready.message_id not in passed.allowed or not passed.open_now():
            answers[ready.message_id] = None
            return
        try:
            answers[ready.message_id] = await adapter.send(self._outgoing(ready, passed))
        except SendError as error:
            answers[ready.message_id] = error
        except Exception as error:  # whatever an adapter did not foresee: nobody knows whether it left
            log.exception("send_failed", message=str(ready.message_id))
            answers[ready.message_id] = Unsure(f"{type(error).__name__} while sending")

    def _outgoing(self, ready: Ready, passed: gate.Pass) -> Outgoing:
        settings, key = self.context.settings, self.context.key
        return Outgoing(
            message_id=ready.message_id,
            attempt=ready.attempt,
            to=ready.to,
            text=ready.text,
            subject=ready.subject,
            html=ready.html,
            callback_url=f"{settings.base_url}/hooks/sms?message={ready.message_id}&attempt={ready.attempt}",
            expires_at=ready.valid_until,
            unsubscribe_url=f"{settings.base_url}/u/{outbox.message_token(key, 'unsubscribe', ready.message_id)}",
            reply_to=f"reply+{outbox.message_token(key, 'reply', ready.message_id)}@{self._mail_domain}",
            auto_reply=ready.in_reply_to is not None,
            may_start=passed.open_now,
        )

    async def _record(self, lane: str, outcomes: Sequence[Outcome]) -> None:
        deadline = datetime.now(UTC) + timedelta(seconds=RECORD_SECONDS)
        while True:
            try:
                await record(self.context.engine, outcomes, lane=lane, now=self.context.now())
            except (sa.exc.SQLAlchemyError, OSError) as error:
                log.error("record_failed", lane=lane, error=type(error).__name__, outcomes=len(outcomes))
                if datetime.now(UTC) > deadline:
                    return
                await asyncio.sleep(0.5)
            else:
                return


async def queued(engine: AsyncEngine, *, now: datetime) -> Mapping[str, int]:
    """Due messages by lane: for progress and readiness."""
    async with engine.connect() as connection:
        found = await db.rows(
            connection,
            "select lane, count(*) as n from message where status = 'queued' and not paused and not_before <= :now group by lane",
            now=now,
        )
    return {row["lane"]: row["n"] for row in found}
