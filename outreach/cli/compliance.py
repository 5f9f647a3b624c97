"""Decide cases by the rules, and say why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help=__doc__)


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
