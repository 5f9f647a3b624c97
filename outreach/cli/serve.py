"""The web: portal, console, hooks, creditors' API; inbound mail where configured."""

from __future__ import annotations

import typer

app = typer.Typer(help=__doc__, add_completion=False)


@app.command(epilog="Example: OUTREACH_PORT=8080 outreach serve")
def serve() -> None:
    """Serve HTTP until SIGTERM. Any number of these may run on one PostgreSQL."""
    from outreach.cli import _run

    _run.run(_run.process(_run.web, ready=lambda c: print(f"listening on {c.settings.base_url}", flush=True)))
