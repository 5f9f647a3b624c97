"""A worker as a process of its own, to be killed: the delivery loop and the sweeps on the settings of the environment."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

import channels
from outreach import clock, db, logs, settings, tokens
from outreach.cli import _run
from outreach.context import Context
from outreach.messages import prepare, reconcile, sweep
from outreach.messages.delivery import Loop

SWEEP_SECONDS = 0.5


async def main() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    configured = settings.get()
    logs.configure(configured)
    engine = db.engine(db.url(configured), pool_size=20)
    key = tokens.secret_key(configured)
    async with engine.begin() as connection:
        ticking = await clock.shared(connection, configured.now)
    adapters = channels.build(configured.values() | {"secret_key": key.hex()}, clock=ticking.now)
    context = Context(
        settings=configured,
        engine=engine,
        sessions=db.session_factory(engine),
        clock=ticking,
        key=key,
        channels=adapters,
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(Loop(context)(stop))
        group.create_task(house(context, stop))
    for adapter in adapters.values():
        await adapter.aclose()
    await engine.dispose()


async def house(context: Context, stop: asyncio.Event) -> None:
    """What the clock's timers and the job queue do in an installation."""
    while not stop.is_set():
        with contextlib.suppress(sa.exc.SQLAlchemyError, psycopg.Error, OSError):
            async with context.session() as session:
                await sweep.sweep(session, now=context.now())
            await reconcile.reconcile(context, now=context.now())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), SWEEP_SECONDS)


def run(environment: Mapping[str, str], log: Path) -> None:
    """The process's main function; what it says goes to `log`."""
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ.update(environment)
    if poisonous := environment.get("CHAOS_POISON"):
        _plant(int(poisonous))
    _run.run(main())


def _plant(debtor_id: int) -> None:
    """A defect for R14: deciding on this person's message ends the process."""
    decide = prepare.judge

    def fatal(person: Mapping[str, Any], *given: Any, **named: Any) -> Any:
        if person["id"] == debtor_id:
            os.kill(os.getpid(), signal.SIGKILL)
        return decide(person, *given, **named)

    prepare.judge = fatal
