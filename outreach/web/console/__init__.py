"""The colleagues' console: one file a noun; each route stands behind a role."""

from __future__ import annotations

from fastapi import APIRouter


def router() -> APIRouter:
    """Every page and act of the console."""
    from outreach.web.console import (
        campaigns,
        case,
        debtor,
        deeds,
        evidence,
        handling,
        lanes,
        notices,
        promises,
        queue,
        reader,
        reports,
        rules,
        sign_in,
        systems,
        talk,
        unrouted,
        users,
    )

    routes = APIRouter(include_in_schema=False)
    for noun in (
        sign_in,
        queue,
        case,
        talk,
        handling,
        deeds,
        debtor,
        notices,
        evidence,
        campaigns,
        unrouted,
        promises,
        rules,
        reports,
        reader,
        lanes,
        users,
        systems,
    ):
        routes.include_router(noun.router)
    return routes
