"""The trail and what was sent: the hash chain, and an independent auditor over every send."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)
Json = Annotated[bool, typer.Option("--json", help="one JSON object a line")]


@app.command(epilog="Example: outreach audit verify")
def verify(as_json: Json = False) -> None:
    """Walk the hash chain of the audit trail; exit 1 when any row was altered, deleted or inserted."""
    import asyncio
    import json

    async def breaks() -> list[str]:
        from outreach import app as application
        from outreach import audit, settings

        async with (
            application.running(settings.get(), channels_on=False, dialog=False) as context,
            context.engine.begin() as connection,
        ):
            await audit.seal(connection, now=context.now(), secret=context.key)
            return [sentence async for sentence in audit.verify(connection, secret=context.key)]

    found = asyncio.run(breaks())
    print(json.dumps({"whole": not found, "breaks": found}) if as_json else "\n".join(found) or "the chain is whole")
    raise typer.Exit(1 if found else 0)


@app.command(epilog="Example: outreach audit sends --json")
def sends(as_json: Json = False) -> None:
    """List every send a rule would have forbidden: plain SQL that shares no code with the rules. Exit 1 when any is found."""
    import asyncio
    import json
    from dataclasses import asdict

    from outreach.reports.auditor import Violation

    async def violations() -> list[Violation]:
        from outreach import app as application
        from outreach import settings
        from outreach.reports import auditor

        async with (
            application.running(settings.get(), channels_on=False, dialog=False) as context,
            context.engine.connect() as connection,
        ):
            return [v async for v in auditor.audit_sends(connection, settings=context.settings)]

    found = asyncio.run(violations())
    for v in found:
        print(json.dumps(asdict(v), default=str) if as_json else f"{v.check}: message {v.message_id}: {v.detail}")
    if not found and not as_json:
        print("no send was found that a rule would have forbidden")
    raise typer.Exit(1 if found else 0)
