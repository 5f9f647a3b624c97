"""The debtor's pages, one file a noun. `router()` is all of them."""

from __future__ import annotations

from fastapi import APIRouter


def router() -> APIRouter:
    from outreach.web.portal import debts, front, guard, link, my_plan, new_link, plan

    whole = APIRouter(include_in_schema=False)
    for noun in (front, link, new_link, guard, debts, plan, my_plan):
        whole.include_router(noun.router)
    return whole
