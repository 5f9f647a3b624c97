"""Everything in one process: web, worker and clock."""

from __future__ import annotations

import typer

app = typer.Typer(help=__doc__, add_completion=False)


@app.command(name="all", epilog="Example: outreach all")
def everything() -> None:
    """Serve, work and tick until SIGTERM: the whole service on a small machine."""
    from outreach.cli import _run

    _run.run(
        _run.process(
            _run.web, _run.work, _run.tick, ready=lambda c: print(f"listening on {c.settings.base_url}", flush=True)
        )
    )
