"""Delivery and conversations: sends what is due, answers what came in."""

from __future__ import annotations

import typer

app = typer.Typer(help=__doc__, add_completion=False)


@app.command(epilog="Example: outreach worker")
def worker() -> None:
    """Run jobs and the delivery loop until SIGTERM. Any number of these share load and rate exactly."""
    from outreach.cli import _run

    _run.run(_run.process(_run.work, ready=lambda _: print("working", flush=True)))
