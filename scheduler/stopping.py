"""One event that says: finish what you began, begin nothing new."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextlib.contextmanager
def on_signals(stop: asyncio.Event) -> Iterator[None]:
    """Sets `stop` at the first signal; a second one ends the process at once, as if nobody had listened."""
    loop = asyncio.get_running_loop()

    def release() -> None:
        for each in _SIGNALS:
            loop.remove_signal_handler(each)

    def ask() -> None:
        release()
        stop.set()

    for each in _SIGNALS:
        loop.add_signal_handler(each, ask)
    try:
        yield
    finally:
        release()


async def pause(stop: asyncio.Event, *, seconds: float) -> None:
    """Sleeps, but not through a stop."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
