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

#: Outcomes gathered for one statement, and how soon a database that did not answer is asked again.
LINGER_SECONDS = 0.1
RETRY_SECONDS = 0.5
#: Written at once at most; and with so many waiting nothing new may leave.
MOST = 200


class Recorder:
    """Writes a lane's outcomes in batches as they come. An outcome is kept until it is written."""

    def __init__(self, context: Context, *, lane: str) -> None:
        self._context, self._lane = context, lane
        self._waiting: list[Outcome] = []
        self._changed = asyncio.Event()
        self._closed = False
        self._journal = journal.Journal(context.settings.data_dir)

    async def __aenter__(self) -> Recorder:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closed = True
        self._changed.set()
        await self._task
        self._journal.close()

    def put(self, outcome: Outcome) -> None:
        if outcome.outcome == "accepted":
            ready = outcome.ready
            self._journal.add(journal.Accepted(ready.message_id, ready.attempt, ready.fence, outcome.provider_id))
        self._waiting.append(outcome)
        self._changed.set()

    async def caught_up(self) -> None:
        """Return when the database is not behind by more than a batch."""
        while len(self._waiting) > MOST:  # noqa: ASYNC110  # rare: the database is slow or away
            await asyncio.sleep(LINGER_SECONDS)

    async def _run(self) -> None:
        while self._waiting or not self._closed:
            if not self._waiting:
                self._changed.clear()
                await self._changed.wait()
                continue
            if len(self._waiting) < MOST and not self._closed:
                await asyncio.sleep(LINGER_SECONDS)
            batch, self._waiting = self._waiting, []
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
