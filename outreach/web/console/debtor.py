"""One person: debts, running account, ways to reach them, what was said, decided and agreed. Masked until asked for."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import Response

from outreach.cases import timeline
from outreach.errors import OutreachError
from outreach.reports import person, trail
from outreach.web.console import forms, frame, guard, outlook

router = APIRouter()

#: what someone may need full details for; the answer stands on the trail
PURPOSES = (
    ("identify", "To make sure who is calling"),
    ("contact", "To reach them by phone or letter"),
    ("correct", "To correct the record"),
    ("legal", "For a legal or compliance question"),
)


class UnknownPersonError(OutreachError):
    """There is nobody with this number. Search by phone, email, reference or name."""

    status = 404


@router.get("/console/debtors/{debtor_id:int}")
async def page(desk: guard.ReadDesk, debtor_id: int) -> Response:
    return await show(desk, debtor_id)


@router.post("/console/debtors/{debtor_id:int}/reveal")
async def reveal(desk: guard.ReadDesk, debtor_id: int, purpose: Annotated[str, Form()] = "") -> Response:
    """Numbers, mailboxes and date of birth in full, once, for a stated purpose."""
    try:
        forms.chosen(purpose, [word for word, _ in PURPOSES], what="What for")
    except forms.FormError as error:
        return await show(desk, debtor_id, status=error.status, problem=error.message)
    return await show(desk, debtor_id, purpose=purpose)


async def show(
    desk: guard.Desk,
    debtor_id: int,
    *,
    purpose: str = "",
    status: int = 200,
    problem: str | None = None,
    wrong: dict[str, Any] | None = None,
) -> Response:
    """The page; `wrong` tells beside a debt why what was said of its notice was not taken."""
    async with desk.context.session() as session:
        known = await person.dossier(session, now=desk.now, debtor_id=debtor_id)
        if known is None:
            raise UnknownPersonError
        entries = await timeline.of_debtor(session, debtor_id=debtor_id, limit=100)
        lines = await person.ledger(session, debtor_id=debtor_id)
        decisions = await trail.decisions(session, person=known["debtor"]["ref"], limit=30)
        chances = await outlook.of(session, desk, known)
    await desk.saw("details" if purpose else "debtor", debtor_id=debtor_id, why=purpose)
    return frame.page(
        desk,
        "debtor.html",
        status=status,
        known=known,
        entries=entries,
        lines=lines,
        decisions=decisions,
        outlook=chances,
        purposes=PURPOSES,
        revealed=bool(purpose),
        problem=problem,
        wrong=wrong or {"account": 0, "words": ""},
        may_tell=desk.may("accounts.change"),
    )
