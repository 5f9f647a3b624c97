"""Money received: take a creditor's payments file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from outreach.payments.importing import Refusal
    from outreach.plans.collecting import Report

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def payments() -> None:
    """Keeps `import` a command of its own while it is the only one."""


@app.command(name="import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, help="CSV, UTF-8: account_ref, creditor, amount, paid_at, reference"
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object: counts, reasons, refusals")] = False,
) -> None:
    """Record payments; a negative amount takes one back. Plans follow, and what was queued yields.

    All good rows are taken, each bad one is listed with row (the header is row 1), column and reason, and the exit code
    is then 1. The same file twice changes nothing: a reference is one payment of its creditor.

    Example: outreach payments import march-payments.csv
    """
    import asyncio
    import json

    refusals: list[Refusal] = []
    report = asyncio.run(_take(file, refusals))
    if as_json:
        print(json.dumps(report.as_json() | {"refusals": [refusal._asdict() for refusal in refusals]}))
    else:
        for refusal in refusals:
            print(f"row {refusal.row}, {refusal.column}: {refusal.reason}")
        print(_summary(report))
    if report.refused:
        raise typer.Exit(1)


async def _take(file: Path, refusals: list[Refusal]) -> Report:
    from outreach import app as application
    from outreach import settings
    from outreach.plans import collecting

    async with application.running(settings.get(), channels_on=False, dialog=False) as context:
        return await collecting.import_file(context, path=file, actor="system:import", refused=refusals.append)


def _summary(report: Report) -> str:
    from outreach.money import cents

    return (
        f"{report.rows} rows: {report.recorded} payments and {report.reversed} reversals recorded"
        f" ({cents.show(report.cents)}), {report.known} on file already, {report.refused} refused."
        f" Paid in full: {report.paid_in_full} accounts; completed: {report.plans_completed} plans."
    )
