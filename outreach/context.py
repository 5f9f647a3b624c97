"""What a process holds once it is up: handed to handlers and jobs, built by `outreach.app`, never global."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from outreach import db
from outreach.clock import Clock
from outreach.settings import Settings


@dataclass(kw_only=True)
class Context:
    settings: Settings
    engine: AsyncEngine
    sessions: async_sessionmaker[AsyncSession]
    clock: Clock
    #: the service's secret: signs links, cookies, callback addresses, audit heads
    key: bytes
    #: channel name -> adapter, only those that are configured (typed where channels may be known)
    channels: Mapping[str, Any] = field(default_factory=dict)
    #: the loaded dialog engine (typed in outreach.conversations)
    dialog: Any = None

    def now(self) -> datetime:
        """Business time; only handlers and jobs ask."""
        return self.clock.now()

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """One transaction: commits when the block ends well."""
        async with db.session(self.sessions) as session:
            yield session


def settle() -> None:
    """What start-up made stays for good: the collector need not walk over it again and again while work is done."""
    gc.collect()
    gc.freeze()
