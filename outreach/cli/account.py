"""Accounts: write the evidence pack of one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def account() -> None:
    """Keeps `export` a command of its own while it is the only one."""


@app.command(epilog="Example: outreach account export FMG-0001 --out evidence/FMG-0001")
def export(
    ref: Annotated[str, typer.Argument(help="The creditor's reference of the account.")],
    creditor: Annotated[str, typer.Option(help="Whose, when several creditors use the reference.")] = "",
    out: Annotated[
        Path | None, typer.Option(help="A new folder; otherwise named after the account and the time.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object")] = False,
) -> None:
    """Write everything on file about an account, readable, and provable by the verify.py inside without this software."""
    import asyncio
    import json
    import re

    from outreach.cli import _packs
    from outreach.reports import evidence

    if out is not None and out.exists():
        raise typer.BadParameter(f"{out} exists already; name a new folder.", param_hint="--out")
    find = lambda connection: evidence.about_account(connection, ref=ref, creditor=creditor)  # noqa: E731
    done = asyncio.run(_packs.export(find, name=re.sub(r"[^\w-]", "_", ref), out=out))
    print(json.dumps(done) if as_json else f"{done['folder']}\nfingerprint {done['fingerprint']}")
