"""For those who tend the reader: what it did not understand, what it means, and which reader is in force."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from outreach.conversations import artefacts, retraining, tending
from outreach.errors import OutreachError
from outreach.reports.activity import OFFICE_ZONE
from outreach.web import pages
from outreach.web.console import frame, guard
from scheduler import jobs

router = APIRouter()

ReaderDesk = Annotated[guard.Desk, Depends(guard.at_desk("reader.tend"))]
#: groups a page shows; the rest is smaller
SHOWN = 25
WHOLE = "macro_f1"


@router.get("/console/reader")
async def page(desk: ReaderDesk, intent: str = "") -> Response:
    """Words are masked: who wrote them is not told here, and nothing of it leaves."""
    return await _show(desk, intent=intent)


@router.post("/console/reader/relabel")
async def relabel(
    desk: ReaderDesk, message: Annotated[list[UUID] | None, Form()] = None, intent: Annotated[str, Form()] = ""
) -> Response:
    try:
        async with desk.context.session() as session:
            await tending.relabel(
                session, now=desk.now, message_ids=message or [], intent=intent, actor=desk.user.actor
            )
    except OutreachError as error:
        return await _show(desk, status=error.status, problem=error.message)
    return pages.see("/console/reader")


@router.post("/console/reader/train")
async def train(desk: ReaderDesk) -> Response:
    """A job: minutes of work, and what comes of it is listed."""
    async with desk.context.session() as session:
        await jobs.enqueue(
            await session.connection(), artefacts.TRAIN, queueing_lock=artefacts.TRAIN, actor=desk.user.actor
        )
    return pages.see("/console/reader#trainings")


@router.post("/console/reader/put")
async def put(desk: ReaderDesk, artefact: Annotated[int | None, Form()] = None) -> Response:
    """By a person, with their name; without a number: back to the shipped reader."""
    try:
        async with desk.context.session() as session:
            await artefacts.put_in_force(session, artefact_id=artefact, now=desk.now, actor=desk.user.actor)
    except OutreachError as error:
        return await _show(desk, status=error.status, problem=error.message)
    return pages.see("/console/reader#trainings")


async def _show(desk: guard.Desk, *, status: int = 200, problem: str | None = None, intent: str = "") -> Response:
    async with desk.context.session() as session:
        groups = await tending.not_understood(session, now=desk.now)
        days = await tending.share(session, now=desk.now, zone=OFFICE_ZONE)
        labels = await artefacts.labels_in_force(session)
        made = await artefacts.artefacts(session)
    series = _series(made)
    chosen = intent if intent in tending.INTENTS else WHOLE
    return frame.page(
        desk,
        "reader.html",
        status=status,
        problem=problem,
        groups=groups[:SHOWN],
        smaller=len(groups) - SHOWN,
        days=days,
        labels=labels,
        made=made,
        in_force=next((a for a in made if a["status"] == "in_force"), None),
        bars_asked=retraining.BARS,
        intents=[("", "Choose"), *((name, name.replace("_", " ")) for name in tending.INTENTS)],
        kinds=[(WHOLE, "all intents (macro)"), *((n, n.replace("_", " ")) for n in tending.INTENTS)],
        chosen=chosen,
        series=series,
        points=[(name, [round(100 * _of(figures, chosen))]) for name, figures in series],
        of=_of,
        names=tending.INTENTS,
    )


def _series(made: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """The shipped reader, then each trained one, oldest first: a short name and its figures."""
    shown = list(reversed(made[:6]))
    shipped = [("shipped", made[0]["figures"]["shipped"])] if made and made[0]["figures"].get("shipped") else []
    return shipped + [(f"{a['at']:%b} {a['at'].day}, {a['hash'][:6]}", a["figures"]) for a in shown]


def _of(figures: dict[str, Any], name: str) -> float:
    value: float = figures.get(name, 0.0) if name == WHOLE else figures.get("f1", {}).get(name, 0.0)
    return value
