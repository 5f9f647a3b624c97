"""One lane in one worker: take places, claim, decide again, gate, send; outcomes go to the record as they come."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from channels.contract import Busy, Channel, Outgoing, SendError, Sent, Unsure
from outreach import db
from outreach.context import Context
from outreach.messages import gate, lanes, outbox
from outreach.messages.prepare import Ready, prepare
from outreach.messages.record import Recorder, outcome_of
from outreach.messages.room import Room

log = structlog.get_logger()

#: Longest sleep when nothing is due; a NOTIFY ends it sooner.
IDLE_SECONDS = 1.0


class Flow:
    """Everything due in a lane, at the lane's rate, until told to stop."""

    def __init__(self, context: Context, *, lane: str, worker: str) -> None:
        self.context = context
        self.lane = lane
        self.worker = worker
        self.wake = asyncio.Event()
        self.adapter: Channel = context.channels[lane.partition(":")[0]]
        # More than the adapter's connections would only wait for one: time between the gate and the byte.
        size = min(context.settings.worker_concurrency, getattr(self.adapter, "concurrency", gate.WAVE))
        self.room = Room(size, most=gate.WAVE)
        sender = context.settings.mail_from.rstrip(">").rpartition("@")[2]
        self._mail_domain = context.settings.mail_domain or sender

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; then what was claimed is sent, and what was sent is recorded."""
        async with (
            Recorder(self.context, lane=self.lane, room=self.room) as self.recorder,
            asyncio.TaskGroup() as self.under_way,
        ):
            while not stop.is_set():
                try:
                    busy = await self._round()
                except db.OUTAGE as error:
                    # A database that cannot commit: no attempt, so no byte (channel-facts section 3).
                    log.error("delivery_paused", lane=self.lane, error=type(error).__name__)
                    busy = False
                except Exception:  # one lane's defect is not the others'
                    log.exception("lane_broke", lane=self.lane)
                    busy = False
                if not busy:
                    await self._idle()

    async def drain(self) -> None:
        """Everything due now, and return when it is recorded: for a rehearsal that keeps its own time."""
        async with (
            Recorder(self.context, lane=self.lane, room=self.room) as self.recorder,
            asyncio.TaskGroup() as self.under_way,
        ):
            while await self._round():
                pass

    async def _idle(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(IDLE_SECONDS):
                await self.wake.wait()
        self.wake.clear()

    async def _round(self) -> bool:
        """One claim; False when nothing was due."""
        places = await self.room.take()
        claimed: Sequence[Mapping[str, Any]] = ()
        try:
            claimed = await lanes.claim(
                self.context.engine,
                lane=self.lane,
                now=self.context.now(),
                most=places,
                lease_seconds=self.context.settings.lease_seconds,
            )
        finally:
            self.room.give(places - len(claimed))
        if claimed and claimed[0]["crashes"]:
            await self._wave(claimed)  # a suspect: nothing else is in hand when it is looked at
        elif claimed:
            self.under_way.create_task(self._wave(claimed))
        return bool(claimed)

    async def _wave(self, claimed: Sequence[Mapping[str, Any]]) -> None:
        """Decide, gate, send concurrently; the person locks go as soon as no byte can leave any more."""
        ready: Sequence[Ready] = ()
        try:
            ready = await self._prepared(claimed)
        except db.OUTAGE as error:
            log.error("prepare_failed", lane=self.lane, error=type(error).__name__)
        finally:
            self.room.give(len(claimed) - len(ready))
        sends: list[asyncio.Task[None]] = []
        try:
            async with gate.wave(self.context.engine, ready, now=self.context.now()) as passed:
                sends = [self.under_way.create_task(self._send(each, passed)) for each in ready]
                if sends:
                    await asyncio.wait(sends, timeout=gate.HOLD)
        except Exception:  # no gate, no byte; who was sent to has a task of their own
            log.exception("gate_failed", lane=self.lane)
        if not sends:
            for each in ready:
                self.recorder.put(outcome_of(each, None))

    async def _prepared(self, claimed: Sequence[Mapping[str, Any]]) -> list[Ready]:
        """A message that breaks its batch is found by trying each alone, and parked when it does so again and again."""
        try:
            return await prepare(
                self.context, lane=self.lane, claimed=claimed, worker=self.worker, now=self.context.now()
            )
        except db.OUTAGE:
            raise
        except Exception:
            log.exception("prepare_broke", lane=self.lane, messages=[str(m["id"]) for m in claimed[:3]])
        if len(claimed) == 1:
            await lanes.blame(
                self.context.engine, message_id=claimed[0]["id"], fence=claimed[0]["fence"], now=self.context.now()
            )
            return []
        ready: list[Ready] = []
        for message in claimed:
            try:
                ready += await self._prepared([message])
            except db.OUTAGE as error:  # what is ready has an attempt written: it goes on
                log.error("prepare_failed", lane=self.lane, error=type(error).__name__)
        return ready

    async def _send(self, ready: Ready, passed: gate.Pass) -> None:
        """One message to the provider, unless its gate is closed; whatever happens, an outcome."""
        permit = passed.permit(ready.message_id)
        answer: Sent | SendError | None = None
        if permit():
            try:
                answer = await self.adapter.send(self._outgoing(ready, permit))
            except SendError as error:
                answer = error
            except Exception as error:  # whatever an adapter did not foresee: nobody knows whether it left
                log.exception("send_failed", message=str(ready.message_id))
                answer = Unsure(f"{type(error).__name__} while sending")
        outcome = outcome_of(ready, None if permit.refused and isinstance(answer, Busy) else answer)
        if outcome.opted_out:
            await passed.over.wait()  # its record takes this person's lock
        self.recorder.put(outcome)

    def _outgoing(self, ready: Ready, permit: gate.Permit) -> Outgoing:
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
            may_start=permit,
        )
