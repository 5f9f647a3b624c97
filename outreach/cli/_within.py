"""A command that is one act on the database: within a context of its own, without channels or dialog."""

from __future__ import annotations

from typing import Any


def within(act: Any) -> Any:
    """Run `act(context)` and give what it gives."""
    import asyncio

    from outreach import app as application
    from outreach import settings

    async def run() -> Any:
        async with application.running(settings.get(), channels_on=False, dialog=False) as context:
            return await act(context)

    return asyncio.run(run())
