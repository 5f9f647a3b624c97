"""One lane in one worker: claim and decide ahead, take places, gate, send; outcomes go to the record as they come."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial
from typing import Any

import structlog

from channels.contract import Busy, Channel, Medium, Outgoing, SendError, Sent, Unsure
from outreach import db
from outreach.context import Context
from outreach.messages import gate, lanes, outbox
from outreach.messages.ahead import Ahead
from outreach.messages.attempts import Ready
from outreach.messages.prepare import prepare
from outreach.messages.record import outcome_of
from outreach.messages.recorder import Recorder
from outreach.messages.room import Room

log = structlog.get_logger()

#: Longest sleep when nothing is due; a NOTIFY ends it sooner.
IDLE_SECONDS = 1.0
#: Batches being decided at once: while one waits for the database, the other thinks.
DECIDING = 2


class Flow:
    """Everything due in a lane, at the lane's rate, until told to stop."""

    def __init__(self, context: Context, *, lane: str, worker: str) -> None:
        self.context = context
        self.lane = lane
        self.worker = worker
        self.wake = asyncio.Event()
        self.adapter: Channel = context.channels[lane.partition(":")[0]]
        # More than the adapter's connections would only wait for one: time between the gate and the byte.
        self.room = Room(min(context.settings.worker_concurrency, getattr(self.adapter, "concurrency", gate.WAVE)))
        self.ahead = Ahead(batch=self.room.size)
        self._batches: set[asyncio.Task[None]] = set()
        sender = context.settings.mail_from.rstrip(">").rpartition("@")[2]
        self._mail_domain = context.settings.mail_domain or sender

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; then what waits goes back in the queue, and what was sent is recorded."""
        async with self._open():
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
            await self._decided()
            for each in self.ahead.take(len(self.ahead)):
                self.recorder.put(outcome_of(each, None))

    async def drain(self) -> None:
        """Everything due now, and return when it is recorded: for a rehearsal that keeps its own time."""
        async with self._open():
            while await self._round():
                pass
            await self._decided()

    @contextlib.asynccontextmanager
    async def _open(self) -> AsyncIterator[None]:
        """The record, the gate and those who send; at the end all of them come to theirs."""
        self.ahead = Ahead(batch=self.ahead.batch)
        async with (
            Recorder(self.context, lane=self.lane) as self.recorder,
            gate.Gate(self.context.engine, worker=self.worker) as self.gate,
            asyncio.TaskGroup() as self.under_way,
        ):
            self.under_way.create_task(self._release())
            try:
                yield
            finally:
                self.ahead.close()

    async def _decided(self) -> None:
        """Return when no batch is being decided any more."""
        if self._batches:
            await asyncio.wait(self._batches)

    async def _idle(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(IDLE_SECONDS):
                await self.wake.wait()
        self.wake.clear()

    async def _round(self) -> bool:
        """One claim, to be decided beside what follows; False when nothing was due.

        What was in the hands of a worker that died is claimed and decided with nothing beside it: it may be what kills.
        """
        await self.ahead.low()
        while len(self._batches) >= DECIDING:
            await asyncio.wait(self._batches, return_when=asyncio.FIRST_COMPLETED)
        alone = not self._batches
        claimed = await lanes.claim(
            self.context.engine,
            lane=self.lane,
            now=self.context.now(),
            most=self.ahead.batch,
            lease_seconds=self.context.settings.lease_seconds,
            alone=alone,
        )
        if claimed:
            batch = self.under_way.create_task(self._decide(claimed))
            self._batches.add(batch)
            batch.add_done_callback(self._batches.discard)
        if not claimed or claimed[0]["crashes"]:
            await self._decided()
        return bool(claimed) or not alone

    async def _decide(self, claimed: Sequence[Mapping[str, Any]]) -> None:
        try:
            self.ahead.put(await self._prepared(claimed))
        except db.OUTAGE as error:
            log.error("prepare_failed", lane=self.lane, error=type(error).__name__)
        except Exception:  # its lease ends, and it is claimed again
            log.exception("decide_broke", lane=self.lane)

    async def _release(self) -> None:
        """Waves through the gate, as many messages as there are places."""
        while waiting := await self.ahead.some():
            await self.recorder.caught_up()
            places = await self.room.take(min(waiting, gate.WAVE))
            wave = self.ahead.take(places)
            self.room.give(places - len(wave))
            if wave:
                self.under_way.create_task(self._wave(wave))

    async def _wave(self, wave: Sequence[Ready]) -> None:
        """Gate, send concurrently; the person locks go as soon as no byte can leave any more."""
        passed = await self._pass(wave)
        for each in wave:
            self.under_way.create_task(self._send(each, passed))

    async def _pass(self, wave: Sequence[Ready]) -> gate.Pass:
        opened: asyncio.Future[gate.Pass] = asyncio.get_running_loop().create_future()
        self.under_way.create_task(self._hold(wave, opened))
        return await opened

    async def _hold(self, wave: Sequence[Ready], opened: asyncio.Future[gate.Pass]) -> None:
        try:
            await self.gate.hold(wave, now=self.context.now(), opened=opened)
        except Exception:  # no gate, no byte; who was sent to has a task of their own
            log.exception("gate_failed", lane=self.lane)
            if not opened.done():
                opened.set_result(gate.closed(len(wave)))

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
        permit = gate.Permit(ready, passed, lambda each: self._pass([each]))
        answer: Sent | SendError | None = None
        try:
            if await permit():
                answer = await self.adapter.send(self._outgoing(ready, permit))
        except SendError as error:
            answer = error
        except Exception as error:  # whatever an adapter did not foresee: nobody knows whether it left
            log.exception("send_failed", message=str(ready.message_id))
            answer = Unsure(f"{type(error).__name__} while sending")
        finally:
            permit.passed.ended()
            self.room.give(1)
        outcome = outcome_of(ready, None if permit.refused and isinstance(answer, Busy) else answer)
        if outcome.opted_out:
            await permit.passed.over.wait()  # its record takes this person's lock
        self.recorder.put(outcome)

    def _outgoing(self, ready: Ready, permit: gate.Permit) -> Outgoing:
        token = partial(outbox.message_token, self.context.key, message_id=ready.message_id)
        base, mail = self.context.settings.base_url, ready.medium == Medium.EMAIL
        return Outgoing(
            message_id=ready.message_id,
            attempt=ready.attempt,
            to=ready.to,
            text=ready.text,
            subject=ready.subject,
            html=ready.html,
            callback_url=f"{base}/hooks/{self.adapter.name}?message={ready.message_id}&attempt={ready.attempt}",
            expires_at=ready.valid_until,
            unsubscribe_url=f"{base}/u/{token('unsubscribe')}" if mail else "",
            reply_to=f"reply+{token('reply')}@{self._mail_domain}" if mail else "",
            in_reply_to=ready.answers,
            references=ready.references,
            auto_reply=ready.in_reply_to is not None,
            may_start=permit,
        )
