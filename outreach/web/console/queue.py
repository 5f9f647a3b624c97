"""The work list and the search for a person."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import Response

from outreach.cases import desk as desks
from outreach.cases import queries as cases
from outreach.reports import people
from outreach.web import pages
from outreach.web.console import frame, guard

router = APIRouter()

#: view -> its name, and what it shows in words
VIEWS = {
    "mine": ("Mine", "Cases you have claimed."),
    "unassigned": ("Unassigned", "Nobody works on these yet."),
    "breaching": ("Breaching", "Less than an hour is left of what was promised, or it has passed."),
    "snoozed": ("Snoozed", "Put aside until a moment; they wake earlier when the debtor writes."),
    "all": ("All", "Every open case."),
}


@router.get("/console/queue")
async def queue(desk: guard.ReadDesk, view: str = "", after: str = "", reason: str = "") -> Response:
    return await show(desk, view=view, after=after, reason=reason)


async def show(
    desk: guard.Desk,
    *,
    view: str = "",
    after: str = "",
    reason: str = "",
    status: int = 200,
    taken: dict[int, str] | None = None,
) -> Response:
    """One screen of the queue; `taken` tells beside a case why it could not be claimed."""
    me = desk.user.id
    async with desk.context.session() as session:
        counts = await cases.counts(session, now=desk.now, staff_id=me)
        view = view if view in VIEWS else ("mine" if counts.get("mine") else "unassigned")
        found = await cases.queue(
            session, now=desk.now, view=view, staff_id=me, reason=reason or None, after=_cursor(after)
        )
        ids = [row["id"] for row in found.rows]
        signs = await desks.signs(session, now=desk.now, case_ids=ids, staff_id=me)
    return frame.page(
        desk,
        "queue.html",
        status=status,
        fragment="rows",
        view=view,
        views=VIEWS,
        counts=counts,
        rows=[_row(row, signs.get(row["id"])) for row in found.rows],
        more=found.after,
        after=after,
        reason=reason,
        taken=taken or {},
    )


def _cursor(token: str) -> str | None:
    """A position as the queue wrote it; anything else starts from the top."""
    calm, _, rest = token.partition("_")
    at, _, case_id = rest.partition("_")
    try:
        aware = datetime.fromisoformat(at).tzinfo is not None
    except ValueError:
        return None
    return token if aware and calm in ("0", "1") and case_id.isdecimal() and len(case_id) < 19 else None


def _row(row: Any, sign: Any) -> dict[str, Any]:
    """A case with what is new since I looked and who else is at it."""
    seen = sign["seen_at"] if sign else None
    newest = row["heard_at"] or row["opened_at"]
    return dict(row) | {"fresh": seen is None or newest > seen, "viewers": sign["viewers"] if sign else None}


@router.get("/console/next")
async def following(desk: guard.WorkDesk, after: int = 0) -> Response:
    """The case to work next: the most pressing of mine, else of nobody's."""
    async with desk.context.session() as session:
        for view in ("mine", "unassigned"):
            found = await cases.queue(session, now=desk.now, view=view, staff_id=desk.user.id, limit=2)
            for row in found.rows:
                if row["id"] != after:
                    return pages.see(f"/console/cases/{row['id']}")
    return pages.see("/console/queue?view=all")


@router.post("/console/search")
async def search(desk: guard.ReadDesk, q: Annotated[str, Form()] = "") -> Response:
    """By POST, so that no name or number stands in an address or a log; who searched for what is on the trail."""
    text = q.strip()[:200]
    async with desk.context.session() as session:
        found = await people.find_person(session, text=text)
    await desk.saw("search", subject=text, found=len(found))
    return frame.page(desk, "search.html", q=text, found=found)
