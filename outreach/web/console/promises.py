"""Promises and plan payments of the week: due today first, then late, broken and kept (S51)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from outreach.plans import queries, upkeep
from outreach.web.console import forms, frame, guard

router = APIRouter()

STATES = ("due", "late", "broken", "kept")
#: rows of the list
SHOWN = 500


@router.get("/console/promises")
async def page(desk: guard.ReadDesk, day: str = "") -> Response:
    """The list of a day of the office: its own and the six days before it."""
    async with desk.context.session() as session:
        today = await upkeep.today(session, now=desk.now)
        chosen = forms.optional_day(day) or today
        rows = await queries.today(session, day=chosen, limit=SHOWN)
    await desk.saw("promises", subject=chosen.isoformat(), people=len({row["debtor_id"] for row in rows}))
    counted = {state: [row for row in rows if row["state"] == state] for state in STATES}
    return frame.page(
        desk,
        "promises.html",
        day=chosen,
        groups=[(state, counted[state]) for state in STATES if counted[state]],
        figures=[
            (len(counted[state]), sum(row["amount_cents"] or 0 for row in counted[state]), state) for state in STATES
        ],
        bars_of=_days(rows),
        full=len(rows) == SHOWN,
        before=(chosen - timedelta(days=1)).isoformat(),
        after=(chosen + timedelta(days=1)).isoformat() if chosen < today else "",
    )


def _days(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[int]]]:
    """A bar a day: how many of each state, oldest day first."""
    days = sorted({row["due_date"] for row in rows})
    return [
        (f"{day:%b} {day.day}", [sum(r["due_date"] == day and r["state"] == s for r in rows) for s in STATES])
        for day in days
    ]
