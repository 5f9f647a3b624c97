"""What a command needs of the service: the database, its clock, its key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import ProgrammingError

from outreach import clock, db, migrations, settings, tokens
from outreach.context import Context
from outreach.errors import OutreachError


class NotMigratedError(OutreachError):
    """The database has no tables, or old ones. Run `outreach db migrate` first."""


@asynccontextmanager
async def opened() -> AsyncIterator[Context]:
    """A context without channels. The embedded database is migrated by the way, any other by `outreach db migrate`."""
    configured = settings.get()
    url = db.url(configured)
    if not configured.database_url:
        migrations.migrate(url)
    engine = db.engine(url)
    try:
        async with engine.begin() as connection:
            ticking = await clock.shared(connection, configured.now)
        key = tokens.secret_key(configured)
        yield Context(settings=configured, engine=engine, sessions=db.session_factory(engine), clock=ticking, key=key)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") not in {"42P01", "42703"}:  # undefined table, undefined column
            raise
        raise NotMigratedError from error
    finally:
        await engine.dispose()
