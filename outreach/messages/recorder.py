"""Outcomes on their way into the database: gathered, written many at a time, tried again while the database is away."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

import structlog

from outreach import db
from outreach.context import Context
from outreach.messages import journal
from outreach.messages.record import Outcome, accept, record

log = structlog.get_logger()

#: Outcomes are gathered for one statement so long, or until there are so many.
LINGER_SECONDS = 0.1
ENOUGH = 100
#: How soon a database that did not answer is asked again.
RETRY_SECONDS = 0.5
#: With so many waiting nothing new may leave.
MOST = 200


class Recorder:
    """Writes a lane's outcomes in batches as they come. An outcome is kept until it is written."""

    def __init__(self, context: Context, *, lane: str) -> None:
        self._context, self._lane = context, lane
        self._waiting: list[Outcome] = []
        self._changed = asyncio.Event()
        self._enough = asyncio.Event()
        self._taken = asyncio.Event()
        self._closed = False
        self._journal = journal.Journal(context.settings.data_dir)

    async def __aenter__(self) -> Recorder:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closed = True
        self._changed.set()
        self._enough.set()
        await self._task
        self._journal.close()

    def put(self, outcome: Outcome) -> None:
        if outcome.outcome == "accepted":
            ready = outcome.ready
            self._journal.add(journal.Accepted(ready.message_id, ready.attempt, ready.fence, outcome.provider_id))
        self._waiting.append(outcome)
        self._changed.set()
        if len(self._waiting) >= ENOUGH:
            self._enough.set()

    async def caught_up(self) -> None:
        """Return when the database is not behind by more than a batch."""
        while len(self._waiting) > MOST:
            self._taken.clear()
            await self._taken.wait()

    async def _run(self) -> None:
        while self._waiting or not self._closed:
            if not self._waiting:
                self._changed.clear()
                await self._changed.wait()
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LINGER_SECONDS):
                    await self._enough.wait()
            batch, self._waiting = self._waiting, []
            if not self._closed:
                self._enough.clear()
            self._taken.set()
            self._journal.turn()
            await self._write(batch)
            self._journal.done()

    async def _write(self, outcomes: Sequence[Outcome]) -> None:
        while True:
            try:
                await record(self._context.engine, outcomes, lane=self._lane, now=self._context.now())
            except db.OUTAGE as error:
                log.error("record_failed", lane=self._lane, error=type(error).__name__, outcomes=len(outcomes))
                await asyncio.sleep(RETRY_SECONDS)
            except Exception:
                log.exception("record_broke", lane=self._lane, messages=[str(o.ready.message_id) for o in outcomes[:3]])
                break
            else:
                return
        if len(outcomes) > 1:  # one that cannot be written must not keep the others; its lease makes it unknown
            for outcome in outcomes:
                await self._write([outcome])


async def adopt(context: Context) -> int:
    """Write what workers of this machine that died had been told; returns how many answers."""
    with contextlib.suppress(*db.OUTAGE), journal.orphans(context.settings.data_dir) as found:
        if found:
            await accept(context.engine, found, now=context.now())
            log.info("answers_found", count=len(found))
        return len(found)
    return 0
