"""People and providers enter here. Handlers: parse, one service call, render plain values."""

from __future__ import annotations

from fastapi import FastAPI

from outreach.context import Context


def mount(app: FastAPI, context: Context) -> None:
    """Every way in: debtors' portal, staff console, providers' hooks, one-click unsubscribe, health, sandbox."""
    from outreach.web import hooks, ops

    app.include_router(hooks.router())
    app.include_router(ops.router())
