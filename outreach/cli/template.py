"""Message templates: check every one of them, or see one with sample values."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)
Json = Annotated[bool, typer.Option("--json", help="JSON")]


@app.command(epilog="Example: outreach template lint")
def lint(as_json: Json = False) -> None:
    """Required parts, both languages, segments, reading grade, forbidden phrases, disclosures. Exit 1 when anything is wrong."""
    import json

    from outreach.messages import lint as linting
    from outreach.messages import wording

    found = [problem for name in wording.names() for problem in linting.lint(name)]
    if as_json:
        print(json.dumps([p.plain() for p in found]))
    else:
        print("\n".join(f"{p.template} {p.part}: {p.problem}" for p in found) or "every template is in order")
    raise typer.Exit(1 if found else 0)


@app.command(epilog="Example: outreach template preview reminder --language es")
def preview(
    name: Annotated[str, typer.Argument(help="template, as `template lint` lists them")],
    language: Annotated[str, typer.Option(help="en or es")] = "en",
    as_json: Json = False,
) -> None:
    """Rendered with its sample values: as a text message with its segments, and as a mail."""
    import json
    from dataclasses import asdict

    from outreach.messages import lint as linting
    from outreach.messages import wording

    shown = {medium: linting.sample(name, medium=medium, language=language) for medium in wording.load(name).media()}
    if as_json:
        print(json.dumps({m: asdict(r) | {"segments": linting.segments(r, m)} for m, r in shown.items()}))
        return
    for medium, rendition in shown.items():
        print(
            f"--- {medium}"
            + (f", {linting.segments(rendition, medium)} segments" if medium == "sms" else f": {rendition.subject}")
        )
        print(rendition.text + "\n")
