"""Numbered, forward only, safe beside the code before it: short locks, no rewrites. The folder reads as history."""

from __future__ import annotations

import importlib
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

HERE = Path(__file__).parent
#: Advisory lock: one migrator at a time, however many processes start at once.
MIGRATE_LOCK = 7003


def metadata() -> sa.MetaData:
    """Every table of the application."""
    for path in sorted(HERE.parent.glob("*/models.py")):
        importlib.import_module(f"outreach.{path.parent.name}.models")
    importlib.import_module("outreach.audit")
    return SQLModel.metadata


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("version_locations", str(HERE / "versions"))
    config.set_main_option("path_separator", "os")
    return config


def migrate(url: str) -> list[str]:
    """Bring the database to the newest version; returns the versions applied. Safe to call from many processes."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("select pg_advisory_lock(:k)"), {"k": MIGRATE_LOCK})
            connection.commit()
            before = _revisions(connection)
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            after = _revisions(connection)
            connection.execute(sa.text("select pg_advisory_unlock(:k)"), {"k": MIGRATE_LOCK})
            connection.commit()
            return [r for r in after if r not in before]
    finally:
        engine.dispose()


def behind(url: str) -> bool:
    """The database is not at this code's version."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
            return current != ScriptDirectory.from_config(_config()).get_current_head()
    finally:
        engine.dispose()


def check(url: str) -> list[str]:
    """What differs between models and migrated schema, and breaks in the chain; empty when in order."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            script = ScriptDirectory.from_config(_config())
            problems = [] if len(script.get_heads()) == 1 else ["the chain of migrations has several heads"]
            current = MigrationContext.configure(connection).get_current_revision()
            if current != script.get_current_head():
                problems.append(
                    f"the database is at {current}, the code at {script.get_current_head()}: run `outreach db migrate`"
                )
                return problems
            context = MigrationContext.configure(connection, opts={"include_object": _ours, "compare_type": True})
            return problems + [str(difference) for difference in compare_metadata(context, metadata())]
    finally:
        engine.dispose()


def _revisions(connection: sa.Connection) -> list[str]:
    current = MigrationContext.configure(connection).get_current_revision()
    connection.commit()
    script = ScriptDirectory.from_config(_config())
    return [r.revision for r in script.walk_revisions("base", current)] if current else []


def _ours(_: object, name: str | None, kind: str, *__: object) -> bool:
    """The job queue's tables belong to its library."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))
