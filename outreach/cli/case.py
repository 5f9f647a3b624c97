"""Cases: write the evidence pack of one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def case() -> None:
    """Keeps `export` a command of its own while it is the only one."""


@app.command(epilog="Example: outreach case export 12 --out evidence/case-12")
def export(
    case_id: Annotated[int, typer.Argument(help="The number of the case.")],
    out: Annotated[Path | None, typer.Option(help="A new folder; otherwise named after the case and the time.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object")] = False,
) -> None:
    """Write everything on file about a case, readable, and provable by the verify.py inside without this software."""
    import asyncio
    import json

    from outreach.cli import _packs
    from outreach.reports import evidence

    if out is not None and out.exists():
        raise typer.BadParameter(f"{out} exists already; name a new folder.", param_hint="--out")
    find = lambda connection: evidence.about_case(connection, case_id=case_id)  # noqa: E731
    done = asyncio.run(_packs.export(find, name=f"case-{case_id}", out=out))
    print(json.dumps(done) if as_json else f"{done['folder']}\nfingerprint {done['fingerprint']}")
