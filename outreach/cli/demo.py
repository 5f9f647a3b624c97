"""The main job on invented but realistic people: everything real but the carrier."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help=__doc__, add_completion=False)


@app.command(epilog="Example: outreach demo --accounts 300 --exit")
def demo(
    accounts: Annotated[int, typer.Option(min=60, max=20_000, help="debts in the invented portfolio")] = 240,
    seed: Annotated[int, typer.Option(help="the same seed, the same people")] = 7,
    leave: Annotated[bool, typer.Option("--exit", help="stop when the story is told")] = False,
) -> None:
    """A placement file goes in, a campaign goes out, debtors answer, the rest waits in a queue. Then look around."""
    from outreach.cli import _demo, _run

    _run.run(_demo.tell(accounts=accounts, seed=seed, leave=leave))
