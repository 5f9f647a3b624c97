"""Sending as a whole: is it held, and let it go on."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.command(epilog="Example: outreach delivery status --json")
def status(as_json: Annotated[bool, typer.Option("--json", help="One JSON object")] = False) -> None:
    """Is all sending held, since when and why; due messages by lane. Exit code 1 when it is held."""
    import asyncio
    import json

    held, due = asyncio.run(_status())
    if as_json:
        print(json.dumps({"held": held, "due": due}))
    else:
        print(f"Held since {held['since']}: {held['why']}" if held else "Sending is free.")
        for lane, count in sorted(due.items()):
            print(f"{lane}: {count} due")
    if held:
        raise typer.Exit(1)


@app.command(epilog='Example: outreach delivery release --why "restored the 09:00 backup, checked"')
def release(why: Annotated[str, typer.Option(help="Why sending may go on: kept on the trail")]) -> None:
    """Send again after a restore. Texts that may have left already are asked about first; mails are listed as unknown."""
    import asyncio

    print(f"Released; {asyncio.run(_release(why))} messages that may have left before are unknown now.")


async def _status() -> tuple[dict[str, str] | None, dict[str, int]]:
    from outreach import app as application
    from outreach import settings
    from outreach.messages import delivery, restored

    async with application.running(settings.get(), channels_on=False, dialog=False) as context:
        async with context.session() as session:
            await restored.check(session, now=context.now())
            held = await restored.status(session)
        return (dict(held) if held else None), dict(await delivery.queued(context.engine, now=context.now()))


async def _release(why: str) -> int:
    from outreach import app as application
    from outreach import settings
    from outreach.messages import restored

    async with (
        application.running(settings.get(), channels_on=False, dialog=False) as context,
        context.session() as session,
    ):
        await restored.check(session, now=context.now())
        return await restored.release(session, now=context.now(), actor="cli", why=why)
