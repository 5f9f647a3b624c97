"""The schema in the database is the one the models describe."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, embedded, migrations


def test_models_equal_migrations(database: embedded.Server) -> None:
    assert migrations.check(database.url) == []


def test_migrating_twice_changes_nothing(database: embedded.Server) -> None:
    assert migrations.migrate(database.url) == []


async def test_what_happened_cannot_be_changed(session: AsyncSession, now: object) -> None:
    await audit.record(session, now=now, actor="system:test", action="look")  # type: ignore[arg-type]
    with pytest.raises(sa.exc.IntegrityError, match="insert-only"):
        await session.execute(sa.text("delete from audit_entry"))
