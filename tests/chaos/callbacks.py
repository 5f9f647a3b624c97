"""R6: status callbacks repeated, shuffled, late, before the answer to the create call, and lost."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import uvicorn

import channels
from channels.carrier import Callbacks, Faults
from outreach import app
from outreach.messages import reconcile
from tests.chaos.world import Verdict, World

FAULTS = Faults(
    latency_ms=(5.0, 100.0),
    callbacks=Callbacks(repeated=1.0, shuffled=0.5, late=0.3, late_seconds=2.0, lost=0.1, step_ms=(0.0, 60.0)),
)


async def callbacks(world: World, *, messages: int) -> list[Verdict]:
    """The last state equals the carrier's; what was lost is found by asking."""
    async with _web(world):
        await world.crowd(messages)
        world.start(1)
        await world.settled()
        await world.carrier.settle()
    told = await world.counts()
    context = world.context
    context.clock.offset += timedelta(minutes=20)  # silent for a quarter of an hour: asked
    context.channels = channels.build(context.settings.values(), clock=context.now)
    while await reconcile.poll(context, now=context.now()):  # 200 a time
        context.clock.offset += timedelta(hours=2)
    await context.channels["sms"].aclose()
    rows = await world.rows("select provider_id, status from message where direction = 'out'")
    texts = world.carrier.texts.by_sid
    wrong = [r for r in rows if r["provider_id"] not in texts or texts[r["provider_id"]].status != r["status"]]
    return [
        Verdict(
            id="R6",
            passed=not wrong and not world.duplicates("sms") and len(rows) == messages,
            value=f"{messages} texts, callbacks twice, half shuffled, a third late, a tenth lost: by callbacks {dict(told)};"
            f" after asking {len(wrong)} differ from the carrier",
        )
    ]


@contextlib.asynccontextmanager
async def _web(world: World) -> AsyncIterator[None]:
    """The service's own hooks, where the workers' callback addresses lead."""
    world.context.channels = channels.build(world.context.settings.values(), clock=world.context.now)
    config = uvicorn.Config(app.create(world.context), port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    world.environment["PUBLIC_URL"] = world.context.settings.public_url = url
    try:
        yield
    finally:
        server.should_exit = True
        await serving
        await world.context.channels["sms"].aclose()
