"""R16: an old copy of the database is put in the place of the live one."""

from __future__ import annotations

import asyncio
import dataclasses

from outreach import db, embedded
from outreach.messages import restored
from tests.chaos.world import Verdict, World


async def restored_backup(world: World, *, messages: int) -> list[Verdict]:
    """Nothing leaves until somebody releases it; then nobody hears twice."""
    async with world.context.session() as session:
        await restored.check(session, now=world.now())
    await world.crowd(messages)
    await world.context.engine.dispose()
    backup = await asyncio.to_thread(
        embedded.create_database, world.server, f"{world.server.database}_backup", template=world.server
    )
    world.start()
    await world.handed(messages // 2)
    world.kill(replace=False)
    await world.carrier.settle()
    before = len(world.accepted("sms"))
    # the live database is gone; the backup takes its place
    world.environment["DATABASE_URL"] = backup.dsn
    world.context.engine = db.engine(backup.url)
    world.context = dataclasses.replace(world.context, sessions=db.session_factory(world.context.engine))
    world.replace_clock()
    world.start()
    await _held(world)
    await asyncio.sleep(2.0)
    held = len(world.accepted("sms")) - before
    async with world.context.session() as session:
        doubted = await restored.release(session, now=world.now(), actor="staff:1", why="restored on purpose")
    statuses = await world.settled()
    await world.context.engine.dispose()
    await asyncio.to_thread(embedded.drop_database, backup)
    twice = world.duplicates("sms")
    return [
        Verdict(
            id="R16",
            passed=not (held or twice) and statuses.total() == messages == len(world.accepted("sms")),
            value=f"{before} of {messages} sent after the backup: {held} sent while held, {doubted} asked about on release,"
            f" {twice} duplicates, {dict(statuses)}",
        )
    ]


async def _held(world: World) -> None:
    """Return once the worker has seen that it is not the database it knew."""
    async with asyncio.timeout(60):
        while not await world.rows("select 1 from setting where name = :name", name=restored.HELD):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
