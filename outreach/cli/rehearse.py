"""A campaign's future in a minute: virtual clock, simulated carrier and debtors, then an audit of every send."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help=__doc__, add_completion=False)


@app.command(epilog="Example: outreach rehearse --days 90 --accounts 300")
def rehearse(
    days: Annotated[int, typer.Option(min=1, max=730, help="how far into the future")] = 90,
    accounts: Annotated[int, typer.Option(min=60, max=5_000, help="debts in the invented portfolio")] = 200,
    seed: Annotated[int, typer.Option(help="the same seed, the same people and answers")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> None:
    """Everything real but the carrier, the debtors and the clock. Exit 1 when the auditor finds a send it would forbid."""
    from outreach.cli import _rehearsal, _run

    _run.run(_rehearsal.rehearse(days=days, accounts=accounts, seed=seed, as_json=as_json))
