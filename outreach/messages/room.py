"""How many sends may be under way at once in one lane of one process."""

from __future__ import annotations

import asyncio
import contextlib

#: Places come free one by one. They are gathered this long: a wave of fifty costs hardly more than a wave of one.
GATHER_SECONDS = 0.25


class Room:
    """A place is taken before a message is claimed and given back when its outcome is written.

    So a worker that dies leaves at most `size` attempts that nobody can tell the end of.
    """

    def __init__(self, size: int, *, most: int) -> None:
        self.size = size
        self._free = size
        self._most = min(most, size)
        #: worth a claim, or a statement of record, of their own
        self.enough = max(1, min(self._most, size // 2))
        self._changed = asyncio.Event()

    async def take(self) -> int:
        """The free places, `most` of them at once; waits for the first, and a moment for some more."""
        while not self._free:
            await self._change()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GATHER_SECONDS):
                while self._free < self.enough:
                    await self._change()
        taken = min(self._free, self._most)
        self._free -= taken
        return taken

    def give(self, places: int) -> None:
        self._free += places
        self._changed.set()

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()
