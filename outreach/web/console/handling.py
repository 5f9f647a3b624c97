"""Who works on a case and when: claim, hand back, put aside, reassign, note, hold, close."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.accounts.models import HoldReason
from outreach.cases import claims, record, service
from outreach.cases import desk as desks
from outreach.cases import queries as cases
from outreach.messages import silence
from outreach.web import pages
from outreach.web.console import case, choices, forms, frame, guard, queue

router = APIRouter()

Text = Annotated[str, Form()]


@router.post("/console/cases/{case_id:int}/claim")
async def claim(desk: guard.WorkDesk, case_id: int, view: Text = "") -> Response:
    """One owner, decided by the row's lock; who comes second reads who has it, where they pressed."""
    try:
        async with desk.context.session() as session:
            await claims.claim(session, now=desk.now, case_id=case_id, staff_id=desk.user.id)
    except record.TakenError as error:
        if view:
            return await queue.show(desk, view=view, status=error.status, taken={case_id: _taken(desk, error)})
        problem = case.Problem(act="claim", said=_taken(desk, error))
        return await case.show(desk, case_id, status=error.status, problem=problem)
    return pages.see(f"/console/cases/{case_id}?done=claimed")


def _taken(desk: guard.Desk, error: record.TakenError) -> str:
    return f"Taken by {error.by} at {frame.when(error.at, now=desk.now)}."


@router.post("/console/cases/{case_id:int}/release")
async def release(desk: guard.WorkDesk, case_id: int, note: Text = "") -> Response:
    return await case.attempt(
        desk,
        case_id,
        "release",
        lambda session, now: claims.release(
            session, now=now, case_id=case_id, actor=desk.user.actor, note=note.strip()
        ),
        done="released",
        values={"note": note},
    )


@router.post("/console/cases/{case_id:int}/snooze")
async def snooze(desk: guard.WorkDesk, case_id: int, until: Text = "", note: Text = "") -> Response:
    return await case.attempt(
        desk,
        case_id,
        "snooze",
        lambda session, now: claims.snooze(
            session,
            now=now,
            case_id=case_id,
            until=forms.moment(until, what="Until"),
            actor=desk.user.actor,
            note=note.strip(),
        ),
        done="snoozed",
        values={"until": until, "note": note},
    )


@router.post("/console/cases/{case_id:int}/reassign")
async def reassign(
    desk: Annotated[guard.Desk, Depends(guard.at_desk("cases.reassign"))], case_id: int, to: Text = "", note: Text = ""
) -> Response:
    return await case.attempt(
        desk,
        case_id,
        "reassign",
        lambda session, now: claims.reassign(
            session,
            now=now,
            case_id=case_id,
            to_staff_id=forms.number(to, what="Colleague"),
            actor=desk.user.actor,
            note=note.strip(),
        ),
        done="reassigned",
        values={"to": to, "note": note},
    )


@router.post("/console/cases/{case_id:int}/note")
async def note(desk: guard.WorkDesk, case_id: int, text: Text = "") -> Response:
    async def write(session: AsyncSession, now: datetime) -> None:
        await service.note(session, now=now, case_id=case_id, text=text[:4000], actor=desk.user.actor)
        await _forget(session, now, case_id, desk.user.id, "note")

    return await case.attempt(desk, case_id, "note", write, done="noted", values={"text": text})


async def _forget(session: AsyncSession, now: datetime, case_id: int, staff_id: int, kind: str) -> None:
    await desks.keep_draft(session, now=now, case_id=case_id, staff_id=staff_id, kind=kind, text="")


@router.post("/console/cases/{case_id:int}/hold")
async def hold(
    desk: Annotated[guard.Desk, Depends(guard.at_desk("holds.place"))],
    case_id: int,
    reason: Text = "",
    note: Text = "",
) -> Response:
    async def place(session: AsyncSession, now: datetime) -> None:
        offered = [str(word) for word, _ in choices.HOLDS]
        await silence.hold(
            session,
            now=now,
            debtor_id=await _person(session, case_id),
            reason=HoldReason(forms.chosen(reason, offered, what="Reason")),
            actor=desk.user.actor,
            note=forms.written(note, what="Why", most=500),
        )

    return await case.attempt(desk, case_id, "hold", place, done="held", values={"reason": reason, "note": note})


@router.post("/console/cases/{case_id:int}/release-hold")
async def release_hold(
    desk: Annotated[guard.Desk, Depends(guard.at_desk("holds.release"))],
    case_id: int,
    reason: Text = "",
    why: Text = "",
) -> Response:
    async def lift(session: AsyncSession, now: datetime) -> None:
        offered = [str(word) for word, _ in choices.HOLDS]
        ended = await silence.release(
            session,
            now=now,
            debtor_id=await _person(session, case_id),
            reason=HoldReason(forms.chosen(reason, offered, what="Hold")),
            actor=desk.user.actor,
            why=forms.written(why, what="Why", most=500),
        )
        if not ended:
            raise forms.FormError("Hold: it is not open any more. Reload the page to see what holds now.")

    return await case.attempt(desk, case_id, "unhold", lift, done="unheld", values={"reason": reason, "why": why})


@router.post("/console/cases/{case_id:int}/close")
async def close(
    desk: guard.WorkDesk, case_id: int, outcome: Text = "", note: Text = "", withdraw: Text = ""
) -> Response:
    async def end(session: AsyncSession, now: datetime) -> None:
        await service.close(
            session,
            now=now,
            case_id=case_id,
            staff_id=desk.user.id,
            outcome=forms.chosen(outcome, [word for word, _ in choices.OUTCOMES], what="Outcome"),
            note=note.strip(),
            withdraw_waiting=bool(withdraw),
        )

    return await case.attempt(
        desk, case_id, "close", end, done="closed", values={"outcome": outcome, "note": note, "withdraw": withdraw}
    )


async def _person(session: AsyncSession, case_id: int) -> int:
    found = await cases.case(session, case_id=case_id)
    if found is None:
        raise record.UnknownCaseError
    return int(found["debtor_id"])
