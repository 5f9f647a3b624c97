"""The switches: stop or start a lane, or everything at once. Effective at the next gate, within two seconds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from outreach.messages import lanes, switches
from outreach.web import pages
from outreach.web.console import forms, frame, guard

router = APIRouter()

SwitchDesk = Annotated[guard.Desk, Depends(guard.at_desk("switches.throw"))]
#: the name that means every lane
ALL = "all"


@router.get("/console/lanes")
async def page(desk: SwitchDesk) -> Response:
    return await _show(desk)


@router.post("/console/lanes/stop")
async def stop(desk: SwitchDesk, lane: Annotated[str, Form()] = "", why: Annotated[str, Form()] = "") -> Response:
    return await _throw(desk, lane, why, lanes.stop)


@router.post("/console/lanes/start")
async def start(desk: SwitchDesk, lane: Annotated[str, Form()] = "", why: Annotated[str, Form()] = "") -> Response:
    return await _throw(desk, lane, why, lanes.start)


async def _throw(desk: guard.Desk, lane: str, why: str, switch: Callable[..., Awaitable[None]]) -> Response:
    try:
        reason = forms.written(why, what="Why", most=300)
        async with desk.context.session() as session:
            known = [row["name"] for row in await switches.lanes(session, now=desk.now)]
            for name in known if lane == ALL else [forms.chosen(lane, known, what="Lane")]:
                await switch(session, lane=name, now=desk.now, why=reason, actor=desk.user.actor)
    except forms.FormError as error:
        return await _show(desk, status=error.status, problem=error.message)
    return pages.see("/console/lanes")


async def _show(desk: guard.Desk, *, status: int = 200, problem: str | None = None) -> Response:
    async with desk.context.session() as session:
        rows = await switches.lanes(session, now=desk.now)
        lost = await switches.unknown(session)
    return frame.page(desk, "lanes.html", status=status, fragment="rows", rows=rows, lost=lost, problem=problem)
