"""The debtor's pages, one file a noun. `router()` is all of them."""

from __future__ import annotations

from fastapi import APIRouter


def router() -> APIRouter:
    from outreach.web.portal import (
        chat,
        debts,
        dispute,
        front,
        guard,
        hardship,
        link,
        my_plan,
        new_link,
        person,
        plan,
        preferences,
        stop,
    )

    whole = APIRouter(include_in_schema=False)
    doors = (front, link, new_link, guard)
    inside = (debts, plan, my_plan, dispute, hardship, person, preferences, stop, chat)
    for noun in (*doors, *inside):
        whole.include_router(noun.router)
    return whole
