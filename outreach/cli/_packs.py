"""Writing an evidence pack, as `account export` and `case export` do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from outreach.reports.evidence import About


async def export(find: Callable[[AsyncConnection], Awaitable[About]], *, name: str, out: Path | None) -> dict[str, str]:
    """Chain what is new, gather, write, and put the pack's fingerprint on the trail; returns folder and fingerprint."""
    from outreach import app as application
    from outreach import audit, settings
    from outreach.reports import evidence, evidence_pack

    async with application.running(settings.get(), channels_on=False, dialog=False) as context:
        now = context.now()
        folder = out or Path(f"evidence-{name}-{now:%Y%m%d-%H%M%S}")
        for _ in range(2):  # decisions are chained one call after they were committed
            async with context.engine.begin() as connection:
                await audit.seal(connection, now=now, secret=context.key)
        async with context.engine.begin() as connection:
            about = await find(connection)
            found = await evidence.gather(connection, about=about)
            files = await evidence.attachments(connection, messages=found["messages"])
            mark = evidence_pack.write(folder, found=found, files=files, now=now, secret=context.key)
            await audit.record(
                connection, now=now, actor="system:cli", action="evidence.export", debtor_id=about.debtor_id, subject=about.title,
                why="evidence pack written", fingerprint=mark,
            )  # fmt: skip
    return {"folder": str(folder), "fingerprint": mark}
