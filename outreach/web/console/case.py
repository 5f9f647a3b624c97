"""One case: the list beside it, the conversation with all that happened, and what is known of the person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.cases import desk as desks
from outreach.cases import queries as cases
from outreach.cases import record, timeline
from outreach.errors import OutreachError
from outreach.reports import person
from outreach.staff import service as staff
from outreach.web import pages
from outreach.web.console import choices, frame, guard, outlook

router = APIRouter()

#: what the filter above the conversation shows -> kinds of entries
SHOWS = {
    "all": frozenset({"heard", "said", "refused", "case", "note", "change"}),
    "messages": frozenset({"heard", "said", "refused"}),
    "notes": frozenset({"note", "case"}),
    "changes": frozenset({"change"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why an act did not happen, shown at its form with what was typed."""

    act: str
    said: str
    values: Mapping[str, str] = field(default_factory=dict)
    #: the newer messages a held reply had not seen
    unseen: list[Mapping[str, Any]] = field(default_factory=list)


@router.get("/console/cases/{case_id:int}")
async def page(desk: guard.ReadDesk, case_id: int, kind: str = "all", done: str = "") -> Response:
    return await show(desk, case_id, kind=kind, done=done)


async def show(
    desk: guard.Desk,
    case_id: int,
    *,
    kind: str = "all",
    done: str = "",
    status: int = 200,
    problem: Problem | None = None,
) -> Response:
    """The page, or only the conversation when a live refresh asks. Looking at someone is written into the trail."""
    refresh = pages.is_fragment(desk.request)
    async with desk.context.session() as session:
        case = await cases.case(session, case_id=case_id)
        if case is None:
            raise record.UnknownCaseError
        if desk.may("cases.work"):
            await desks.sit_down(session, now=desk.now, case_id=case_id, staff_id=desk.user.id)
        talk = await _talk(session, desk, case, kind)
        around = {} if refresh else await _around(session, desk, case)
    if not refresh:
        await desk.saw("case", debtor_id=case["debtor_id"], subject=f"case:{case_id}")
    values = {"case": case, "kind": kind, "kinds": list(SHOWS), "problem": problem, "done": choices.DONE.get(done, "")}
    return frame.page(desk, "case.html", status=status, fragment="talk", **values, **talk, **around)


async def _talk(session: AsyncSession, desk: guard.Desk, case: Mapping[str, Any], kind: str) -> dict[str, Any]:
    entries = await timeline.of_debtor(session, debtor_id=case["debtor_id"])
    wanted = SHOWS.get(kind, SHOWS["all"])
    return {
        "entries": [entry for entry in entries if entry["kind"] in wanted],
        "others": await desks.others(session, now=desk.now, case_id=case["id"], staff_id=desk.user.id),
    }


async def _around(session: AsyncSession, desk: guard.Desk, case: Mapping[str, Any]) -> dict[str, Any]:
    """The list to the left, what is known to the right, and what the forms below offer."""
    me = desk.user.id
    mine = await cases.queue(session, now=desk.now, view="mine", staff_id=me, limit=20)
    free = await cases.queue(session, now=desk.now, view="unassigned", staff_id=me, limit=20)
    known = await person.dossier(session, now=desk.now, debtor_id=case["debtor_id"])
    assert known is not None  # a case always has its person
    return {
        "mine": mine.rows,
        "free": free.rows,
        "known": known,
        "outlook": await outlook.of(session, desk, known),
        "drafts": await desks.drafts(session, case_id=case["id"], staff_id=me),
        "colleagues": [
            c for c in await staff.colleagues(session) if c["role"] in choices.WORKERS and not c["disabled_at"]
        ],
        "choices": choices,
        "is_mine": case["claimed_by"] == me and case["status"] == "claimed",
    }


async def attempt(
    desk: guard.Desk,
    case_id: int,
    act: str,
    do: Callable[[AsyncSession, datetime], Awaitable[object]],
    *,
    done: str,
    values: Mapping[str, str] | None = None,
) -> Response:
    """One act in one transaction. What stands against it is shown where it was tried, with nothing typed lost."""
    try:
        async with desk.context.session() as session:
            await do(session, desk.now)
    except OutreachError as error:
        if error.status in (403, 404):
            raise
        problem = Problem(act=act, said=error.message, values=values or {})
        return await show(desk, case_id, status=error.status, problem=problem)
    return pages.see(f"/console/cases/{case_id}?done={done}")


@router.post("/console/cases/{case_id:int}/draft")
async def draft(
    desk: guard.WorkDesk, case_id: int, kind: Annotated[str, Form()] = "", text: Annotated[str, Form()] = ""
) -> Response:
    """Keep what is being typed, for this colleague and case."""
    if kind in ("reply", "note"):
        async with desk.context.session() as session:
            if await cases.case(session, case_id=case_id) is None:
                raise record.UnknownCaseError
            await desks.keep_draft(
                session, now=desk.now, case_id=case_id, staff_id=desk.user.id, kind=kind, text=text[:4000]
            )
    return Response(status_code=204)
