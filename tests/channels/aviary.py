"""Run by `test_every_channel` where `channels/` has one folder more: a message leaves by it, and its news comes back."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx2

import channels
from outreach import app, db
from outreach.clock import Clock
from outreach.context import Context
from outreach.messages import outbox
from outreach.messages.delivery import Loop
from outreach.messages.drafts import Draft
from outreach.settings import Settings
from tests import cast

NOW = datetime(2026, 3, 11, 14, 30, tzinfo=UTC)


async def main(url: str, folder: str) -> None:
    engine, clock = db.engine(url), Clock(NOW - datetime.now(UTC))
    settings = Settings(_env_file=None, data_dir=Path(folder), database_url=url)  # type: ignore[call-arg]
    context = Context(settings=settings, engine=engine, sessions=db.session_factory(engine), clock=clock, key=b"k" * 32)
    context.channels = channels.build(settings.values(), clock=clock.now)
    async with context.session() as session:
        who = await cast.person(session, now=NOW)
        draft = Draft(debtor_id=who, channel="pigeon", template="reminder", purpose="campaign")
        done = await outbox.submit(session, draft, now=NOW, settings=settings)
    stop = asyncio.Event()
    task = asyncio.create_task(Loop(context)(stop))
    pigeon = context.channels["pigeon"]
    async with asyncio.timeout(20):
        while not pigeon.flown:  # noqa: ASYNC110  # pigeons tell nobody
            await asyncio.sleep(0.05)
    stop.set()
    await task
    web = httpx2.ASGITransport(app=app.create(context))
    async with httpx2.AsyncClient(transport=web, base_url="http://127.0.0.1:8000") as client:
        answer = await client.post("/hooks/pigeon", content=f"pigeon-{done.message_id}")
    async with context.session() as session:
        row = await db.one(session, "select lane, medium, segments, status, rate from message join lane on name = lane")
    print(answer.status_code, pigeon.flown[0].callback_url.split("?")[0].rpartition("/")[2], row and list(row.values()))
    await engine.dispose()


asyncio.run(main(*sys.argv[1:]))
