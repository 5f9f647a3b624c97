"""People and providers enter here. Handlers: parse, one service call, render plain values."""

from __future__ import annotations

from fastapi import FastAPI

from outreach.context import Context


def mount(app: FastAPI, context: Context) -> None:
    """Every way in: debtors' portal, staff console, creditors' API, providers' hooks, one-click unsubscribe, health, sandbox."""
    from outreach.web import api, console, edge, hooks, ops, portal, sandbox, unsubscribe

    edge.install(app, https=context.settings.base_url.startswith("https"))
    app.include_router(portal.router())
    app.include_router(unsubscribe.router())
    app.include_router(hooks.router())
    app.include_router(ops.router())
    app.include_router(console.router())
    app.include_router(sandbox.router())
    app.mount("/api/v1", api.create(context), name="api")
