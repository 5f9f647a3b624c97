"""T2, T8: messages a second through the whole pipeline of one worker, beside the floor: the adapter alone, ready values."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from benchmarks.stage import NOW, Stage, stage
from channels.contract import Outgoing
from outreach import db
from outreach.context import settle


async def measure(
    *, channel: str, messages: int, latency_ms: float, length: int = 0, signed: bool = False, connections: int = 16
) -> dict[str, Any]:
    """`length`: characters of the words of each mail, which stand in it twice; `signed`: DKIM with RSA 2048 here."""
    async with stage(latency_ms=latency_ms, signed=signed, connections=connections) as here:
        people = await here.crowd(messages + 200)
        campaign = await here.campaign()
        await here.plan(people[:200], channel=channel, campaign_id=campaign, length=length)
        await _drained(here)  # imports, caches, connections
        settle()  # as a worker does
        await here.plan(people[200:], channel=channel, campaign_id=campaign, length=length)
        floor, least, _ = await _timed(_floor(here, channel, messages))
        seconds, used, grown = await _timed(_drained(here))
        return {
            "per second": round(messages / seconds),
            "floor per second": round(messages / floor),
            "ratio": round(floor / seconds, 2),
            "CPU us a message": round(used / messages * 1e6),
            "floor CPU us a message": round(least / messages * 1e6),
            "ratio of CPU": round(least / used, 2),
            "RSS growth MB": round(grown, 1),
        }


async def _timed(work: Awaitable[None]) -> tuple[float, float, float]:
    """Seconds, CPU seconds of this process, and how many MB it grew."""
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    await work
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, used, (after.ru_maxrss - before.ru_maxrss) / 1024


async def _drained(here: Stage) -> None:
    async with here.delivering():
        while await here.busy():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def _floor(here: Stage, channel: str, messages: int) -> None:
    """The same messages over the same number of connections, and nothing else. Takes ready values of the queue's own rows.

    A mail has all its headers, as the worker's have.
    """
    adapter = here.context.channels[channel]
    async with here.context.session() as session:
        rows = await db.rows(
            session, "select address, text, subject, html from message where status = 'queued' limit :n", n=messages
        )
    size = min(here.context.settings.worker_concurrency, adapter.concurrency)
    waiting, mail, token = iter(rows), channel == "email", "x" * 52

    async def sender() -> None:
        for row in waiting:
            await adapter.send(
                Outgoing(
                    message_id=uuid4(),
                    attempt=1,
                    to=row["address"],
                    text=row["text"],
                    subject=row["subject"],
                    html=row["html"],
                    callback_url=f"{here.context.settings.base_url}/hooks/sms?message={uuid4()}&attempt=1",
                    unsubscribe_url=f"{here.context.settings.base_url}/u/{token}" if mail else "",
                    reply_to=f"reply+{token}@harbor.example" if mail else "",
                    expires_at=NOW + timedelta(hours=1),
                )
            )

    await asyncio.gather(*(sender() for _ in range(size)))
