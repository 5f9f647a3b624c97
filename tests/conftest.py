"""One embedded cluster a run, one migrated template, one clone per test that asks for a database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db, embedded, migrations
from outreach.clock import Clock
from outreach.context import Context
from outreach.settings import Settings

#: A Wednesday, 10:30 Eastern: inside every mainland window.
NOW = datetime(2026, 3, 11, 14, 30, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests that take minutes too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--slow"):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow: run with --slow"))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Server]:
    data_dir = tmp_path_factory.mktemp("pg")
    yield embedded.start(data_dir, settings=embedded.UNSAFE | {"track_commit_timestamp": "on"})
    embedded.leave(data_dir)


@pytest.fixture(scope="session")
def migrated(cluster: embedded.Server) -> embedded.Server:
    """The template every test's database is cloned from: schema by the real migrations."""
    template = embedded.create_database(cluster, "template_outreach")
    migrations.migrate(template.url)
    return template


@pytest.fixture
def database(cluster: embedded.Server, migrated: embedded.Server) -> Iterator[embedded.Server]:
    """A fresh, migrated, empty database."""
    server = embedded.create_database(cluster, f"test_{uuid4().hex[:12]}", template=migrated)
    yield server
    embedded.drop_database(server)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
async def context(database: embedded.Server, tmp_path: Path) -> AsyncIterator[Context]:
    """A process's context on the fresh database; its clock stands near `now` and runs on. No channels."""
    settings = Settings(_env_file=None, data_dir=tmp_path / "data", database_url=database.url)  # type: ignore[call-arg]
    engine = db.engine(database.url)
    yield Context(
        settings=settings,
        engine=engine,
        sessions=db.session_factory(engine),
        clock=Clock(NOW - datetime.now(UTC) + timedelta()),
        key=b"k" * 32,
    )
    await engine.dispose()


@pytest.fixture
async def session(context: Context) -> AsyncIterator[AsyncSession]:
    """One transaction, rolled back at the end."""
    async with context.sessions() as open_session, open_session.begin() as transaction:
        yield open_session
        await transaction.rollback()
