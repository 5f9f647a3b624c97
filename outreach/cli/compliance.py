"""Decide cases by the rules, and say why."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from outreach.context import Context

app = typer.Typer(no_args_is_help=True, help=__doc__, add_completion=False)


@app.callback()
def compliance() -> None:
    """The rules on contact, asked from the command line."""


@app.command()
def check(file: Annotated[Path, typer.Argument(help="A YAML file of decision cases.")]) -> None:
    """Decide the cases of a file, one JSON line each.

    Example: outreach compliance check cases.yaml

    Exit code 1 when an answer differs from its `expected`; 2 when the file or a case has a mistake, which is named
    (such a case is denied).
    """
    import json

    from outreach.compliance import cases
    from outreach.compliance.reading import FactsError

    try:
        results = list(cases.run(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, FactsError) as error:
        typer.echo(f"outreach compliance check: {file}: {error}. Correct the file and try again.", err=True)
        raise typer.Exit(2) from error
    for result in results:
        typer.echo(json.dumps(result.plain(), ensure_ascii=False))
    wrong = [result for result in results if result.wrong]
    mistaken = [result for result in results if result.mistake]
    for result in (*wrong, *mistaken):
        typer.echo(f"{result.id}: {result.wrong or result.mistake}", err=True)
    typer.echo(
        f"{len(results)} decided, {len(wrong)} different from what was expected, {len(mistaken)} with a mistake",
        err=True,
    )
    raise typer.Exit(2 if mistaken else 1 if wrong else 0)


Json = Annotated[bool, typer.Option("--json", help="JSON, for machines")]


@app.command(epilog="Example: outreach compliance explain 01a20964-0369-7bcb-8d60-247d9edde401")
def explain(message_id: UUID, as_json: Json = False) -> None:
    """Say why a message was or was not sent: every decision about it, in plain words, with citations."""
    import asyncio
    import json

    from outreach.reports import decided

    async def told() -> dict[str, Any]:
        async with _database() as (_, connection):
            return await decided.explained(connection, message_id=message_id)

    found = asyncio.run(told())
    print(json.dumps(found, default=str, ensure_ascii=False, indent=1) if as_json else decided.in_words(found))


@app.command(
    epilog="Example: outreach compliance replay; outreach compliance replay --rehearse --on 2027-02-01 --days 7"
)
def replay(
    message_id: Annotated[UUID | None, typer.Argument(help="Only the decisions about this message.")] = None,
    rehearsal: Annotated[
        bool, typer.Option("--rehearse", help="Today's rules on past facts: what would change.")
    ] = False,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Rehearse as if it all happened on that day.")
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Only decisions of so many last days (rehearsal: 1).")] = None,
    as_json: Json = False,
) -> None:
    """Make recorded decisions again from their stored facts; exit 1 when the same rules now answer differently.

    Decisions of another rule set are counted as "rules changed": that release's package replays them. A rehearsal lists what
    today's rules would decide otherwise; that is no mistake, so it exits 0.
    """
    import asyncio
    import json
    from collections import Counter
    from dataclasses import asdict

    from outreach.reports import replay as replays

    if on and not rehearsal:
        raise typer.BadParameter("--on belongs to --rehearse.")

    async def again() -> Counter[str]:
        counted: Counter[str] = Counter()
        async with _database() as (context, connection):
            period = days or (1 if rehearsal else None)
            since = context.now() - timedelta(days=period) if period else None
            if rehearsal:
                made = replays.rehearse(
                    connection, settings=context.settings, since=since, on=on.date() if on else None
                )
            else:
                made = replays.replay(connection, settings=context.settings, message_id=message_id, since=since)
            async for one in made:
                counted[one.verdict] += 1
                counted["words reviewed again"] += one.words
                if as_json:
                    print(json.dumps(asdict(one), default=str))
                elif one.verdict is replays.Verdict.DIFFERENT:
                    print(f"decision {one.record_id} on message {one.message_id}: {one.was} -> {one.now}: {one.detail}")
        return counted

    counted = asyncio.run(again())
    typer.echo(", ".join(f"{counted[name]} {name}" for name in (*replays.Verdict, "words reviewed again")), err=as_json)
    raise typer.Exit(1 if counted[replays.Verdict.DIFFERENT] and not rehearsal else 0)


@asynccontextmanager
async def _database() -> AsyncIterator[tuple[Context, AsyncConnection]]:
    from outreach import app as application
    from outreach import settings

    async with (
        application.running(settings.get(), channels_on=False, dialog=False) as context,
        context.engine.connect() as connection,
    ):
        yield context, connection
