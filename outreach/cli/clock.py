"""Timers: campaigns and house-keeping. One of any number leads; it only enqueues."""

from __future__ import annotations

import typer

app = typer.Typer(help=__doc__, add_completion=False)


@app.command(epilog="Example: outreach clock")
def clock() -> None:
    """Keep the timers until SIGTERM. Run two for safety: the second takes over within a second."""
    from outreach.cli import _run

    _run.run(_run.process(_run.tick, ready=lambda _: print("ticking", flush=True)))
