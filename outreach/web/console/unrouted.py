"""Words of people we do not know: give them to a person, or say why they need nothing."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from channels.contract import Inbound
from outreach import conversations
from outreach.errors import OutreachError
from outreach.messages import switches
from outreach.reports import people
from outreach.web import pages
from outreach.web.console import forms, frame, guard

router = APIRouter()


class GoneError(OutreachError):
    """A colleague has dealt with this message already."""

    status = 409


@router.get("/console/unrouted")
async def page(desk: guard.ReadDesk) -> Response:
    return await _show(desk)


@router.post("/console/unrouted/{unrouted_id:int}/dismiss")
async def dismiss(desk: guard.WorkDesk, unrouted_id: int, why: Annotated[str, Form()] = "") -> Response:
    try:
        reason = forms.written(why, what="Why", most=300)
        async with desk.context.session() as session:
            if await switches.stranger(session, unrouted_id=unrouted_id) is None:
                raise GoneError
            await switches.resolve(session, now=desk.now, unrouted_id=unrouted_id, actor=desk.user.actor, why=reason)
    except OutreachError as error:
        return await _show(desk, status=error.status, problem={unrouted_id: error.message})
    return pages.see("/console/unrouted")


@router.post("/console/unrouted/{unrouted_id:int}/assign")
async def assign(desk: guard.WorkDesk, unrouted_id: int, person: Annotated[str, Form()] = "") -> Response:
    """Through the one door in, as if it had come from this person's own address: safety words, turn and all."""
    try:
        async with desk.context.session() as session:
            row = await switches.stranger(session, unrouted_id=unrouted_id)
            if row is None:
                raise GoneError
            found = await people.find_person(session, text=forms.written(person, what="Person", most=200))
            if len(found) != 1:
                raise forms.FormError(f"Person: {len(found)} people match. Give a reference, phone or email of one.")
            debtor_id = found[0]["id"]
            words = Inbound(
                provider_id=row["provider_id"],
                sender=row["sender"],
                to=row["recipient"],
                text=row["text"],
                subject=row["subject"],
                raw=row["raw"],
            )
            await conversations.receive(
                session, words, context=desk.context, channel=row["channel"], now=desk.now, debtor_id=debtor_id
            )
            await switches.resolve(
                session,
                now=desk.now,
                unrouted_id=unrouted_id,
                actor=desk.user.actor,
                why="assigned by hand",
                debtor_id=debtor_id,
            )
    except OutreachError as error:
        return await _show(desk, status=error.status, problem={unrouted_id: error.message})
    return pages.see(f"/console/debtors/{debtor_id}")


async def _show(desk: guard.Desk, *, status: int = 200, problem: dict[int, str] | None = None) -> Response:
    async with desk.context.session() as session:
        rows = await switches.unrouted(session)
    return frame.page(desk, "unrouted.html", status=status, rows=rows, problems=problem or {})
