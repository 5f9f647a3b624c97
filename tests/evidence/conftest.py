"""What only reads or tampers rolls back: those tests share one database. Those that commit ask for `context`."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from outreach import db, embedded


@pytest.fixture(scope="session")
async def shared(cluster: embedded.Server, migrated: embedded.Server) -> AsyncIterator[AsyncEngine]:
    server = embedded.create_database(cluster, "test_evidence", template=migrated)
    engine = db.engine(server.url)
    yield engine
    await engine.dispose()
    embedded.drop_database(server)


@pytest.fixture
async def session(shared: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """One transaction, rolled back at the end."""
    async with db.session_factory(shared)() as open_session, open_session.begin() as transaction:
        yield open_session
        await transaction.rollback()
