"""The composition root: settings -> database -> channels, dialog -> routes, jobs. The only place that knows everything."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import FastAPI

import channels
from outreach import clock, db, logs, migrations, tokens, web
from outreach.context import Context
from outreach.conversations import engine as dialog_engine
from outreach.errors import OutreachError
from outreach.settings import Settings


class NotMigratedError(OutreachError):
    """The database is older than this code. Run `outreach db migrate`."""


@contextlib.asynccontextmanager
async def running(settings: Settings, *, channels_on: bool = True, dialog: bool = True) -> AsyncIterator[Context]:
    """Everything a process needs, built inside its event loop and closed at the end.

    The embedded database is migrated on the way; a configured one must have been migrated by `outreach db migrate`.
    """
    logs.configure(settings)
    url = await asyncio.to_thread(db.url, settings)
    if not settings.database_url:
        await asyncio.to_thread(migrations.migrate, url)
    elif await asyncio.to_thread(migrations.behind, url):
        raise NotMigratedError
    engine = db.engine(url, pool_size=20)
    key = tokens.secret_key(settings)
    async with engine.begin() as connection:
        time = await clock.shared(connection, settings.now)
    built = channels.build(settings.values() | {"secret_key": key.hex()}, clock=time.now) if channels_on else {}
    try:
        yield Context(
            settings=settings,
            engine=engine,
            sessions=db.session_factory(engine),
            clock=time,
            key=key,
            channels=built,
            dialog=dialog_engine.load(settings) if dialog else None,
        )
    finally:
        for adapter in built.values():
            await adapter.aclose()
        await engine.dispose()


def create(context: Context) -> FastAPI:
    """The web application over a running context."""
    app = FastAPI(title="outreach", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.context = context
    web.mount(app, context)
    return app


def load_jobs() -> None:
    """Import every noun's `jobs.py`, so that its jobs and timers are declared."""
    for path in sorted(Path(__file__).parent.glob("*/jobs.py")):
        importlib.import_module(f"outreach.{path.parent.name}.jobs")


def dsn(context: Context) -> str:
    """The database as psycopg wants it, for the job queue's own connections."""
    return context.engine.url.render_as_string(hide_password=False).replace("postgresql+psycopg://", "postgresql://", 1)
