"""How many sends may be under way at once in one lane of one process."""

from __future__ import annotations

import asyncio
import contextlib

#: Places come free one by one. They are gathered this long: a wave of fifty costs hardly more than a wave of one.
GATHER_SECONDS = 0.05


class Room:
    """A place is taken before a message passes the gate and given back when its end is known.

    So a worker that dies leaves at most `size` attempts that nobody can tell the end of.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._free = size
        self._changed = asyncio.Event()

    async def take(self, most: int) -> int:
        """The free places, `most` of them at once; waits for the first, and a moment for some more."""
        while not self._free:
            await self._change()
        enough = min(most, max(1, self.size // 2))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GATHER_SECONDS):
                while self._free < enough:
                    await self._change()
        taken = min(self._free, most)
        self._free -= taken
        return taken

    def give(self, places: int) -> None:
        self._free += places
        self._changed.set()

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()
