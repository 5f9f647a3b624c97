"""Take a placement: accounts from a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from outreach.accounts.intake.reader import Refusal
    from outreach.accounts.intake.service import Report

app = typer.Typer(add_completion=False)

EXAMPLE = """Example: outreach import fairview-march.csv --creditor "Fairview Medical Group"

All good rows are taken; each bad row is listed with its number (the header is row 1), column and reason, and the
exit code is 1. The same file twice changes nothing. After an interruption give the file again: it goes on where it
stopped."""


@app.command(epilog=EXAMPLE)
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, UTF-8, with a header row; one row a debt")],
    creditor: Annotated[str | None, typer.Option(help="for rows whose creditor is empty; others are refused")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="check everything, write nothing")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object: counts, reasons, refusals")] = False,
) -> None:
    """Take a placement file."""
    import asyncio
    import json

    refusals: list[Refusal] = []

    def refused(refusal: Refusal) -> None:
        if as_json:
            refusals.append(refusal)
        else:
            print(_line(refusal))

    report = asyncio.run(_take(file, creditor, dry_run, refused))
    if as_json:
        print(json.dumps(report.as_json() | {"dry_run": dry_run, "refusals": [r._asdict() for r in refusals]}))
    else:
        _summary(report, dry_run)
    if report.refused:
        raise typer.Exit(1)


async def _take(file: Path, creditor: str | None, dry_run: bool, refused: Callable[[Refusal], None]) -> Report:
    from rich.console import Console
    from rich.progress import Progress

    from outreach import app as service
    from outreach import settings
    from outreach.accounts.intake import reader
    from outreach.accounts.intake.service import Intake

    total = reader.size(file)
    async with service.running(settings.get(), channels_on=False, dialog=False) as context:
        with Progress(console=Console(stderr=True), transient=True, disable=total < 1_000_000) as bar:
            task = bar.add_task(f"Reading {file.name}", total=total)
            intake = Intake(
                engine=context.engine,
                path=file,
                now=context.now(),
                creditor=creditor,
                dry_run=dry_run,
                refused=refused,
                progress=lambda position: bar.update(task, completed=position),
            )
            return await intake.take()


def _line(refusal: Refusal) -> str:
    where = f"row {refusal.row}, {refusal.column}" if refusal.column else f"row {refusal.row}"
    return f"{where}: {refusal.reason}" + (f" ({refusal.value!r})" if refusal.value else "")


def _summary(report: Report, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    print(
        f"{report.rows} rows: {report.taken} {would}taken ({report.new} new, {report.changed} changed),"
        f" {report.unchanged} unchanged, {report.refused} refused."
    )
    for reason, count in report.reasons.most_common(20):
        print(f"  {count:>7}  {reason}")
