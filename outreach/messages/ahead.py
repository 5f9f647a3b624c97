"""What is decided and written and waits for a place: enough that no connection is idle, little enough to be decided just now."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence

from outreach.messages.attempts import Ready

#: Messages claimed and decided together: what a statement costs is shared by all of them.
BATCH = 200
LEAST = 50
#: Seconds a decided message should wait at most; a lane that makes them wait claims fewer.
PATIENCE = 1.0


class Ahead:
    """A queue between deciding and sending. `batch` follows what the lane can send in about a second."""

    def __init__(self, *, batch: int) -> None:
        self.batch = min(BATCH, batch)
        self._waiting: deque[tuple[float, Ready]] = deque()
        self._changed = asyncio.Event()
        self._closed = False

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, ready: Sequence[Ready]) -> None:
        if not self._waiting:  # those who send were faster
            self.batch = min(BATCH, self.batch * 2)
        now = time.monotonic()
        self._waiting.extend((now, each) for each in ready)
        self._changed.set()

    async def low(self) -> None:
        """Return when another batch is wanted."""
        while len(self._waiting) > self.batch // 2:
            await self._change()

    async def some(self) -> int:
        """How many wait; waits for the first. 0: closed and empty."""
        while not self._waiting and not self._closed:
            await self._change()
        return len(self._waiting)

    def take(self, most: int) -> list[Ready]:
        """The oldest."""
        if self._waiting and time.monotonic() - self._waiting[0][0] > PATIENCE:
            self.batch = max(LEAST, self.batch // 2)
        taken = [self._waiting.popleft()[1] for _ in range(min(most, len(self._waiting)))]
        self._changed.set()
        return taken

    def close(self) -> None:
        self._closed = True
        self._changed.set()

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()
