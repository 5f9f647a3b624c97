"""Writing to the debtor from a case, and logging what was said elsewhere. The gate decides; here it is only shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

import channels
from outreach.cases import contacts, record, replies
from outreach.cases import desk as desks
from outreach.cases import queries as cases
from outreach.messages import outbox
from outreach.messages.drafts import Draft
from outreach.web import pages
from outreach.web.console import case, choices, forms, frame, guard

router = APIRouter()

Text = Annotated[str, Form()]
SendDesk = Annotated[guard.Desk, Depends(guard.at_desk("messages.send"))]

#: what a text segment costs about, in cents: a hint beside the button, never a bill
SEGMENT_CENTS = 0.83


class RefusedReplyError(record.CaseError):
    """The gate refused the reply."""

    def __init__(self, reasons: Sequence[tuple[str, str]]) -> None:
        said = " ".join(f"{rule}: {reason}" for rule, reason in reasons)
        super().__init__(f"Refused; your words are kept. {said}")


@router.post("/console/cases/{case_id:int}/reply")
async def reply(
    desk: SendDesk, case_id: int, text: Text = "", channel: Text = "", seen: Text = "", anyway: Text = ""
) -> Response:
    """Sends, or waits for the lawful hour, or says why not. A reply written before news is held with that news shown."""
    values = {"text": text, "channel": channel}
    try:
        async with desk.context.session() as session:
            sent = await replies.reply(
                session,
                now=desk.now,
                settings=desk.context.settings,
                case_id=case_id,
                staff_id=desk.user.id,
                text=forms.written(text, what="Reply", most=1600),
                seen=int(seen) if seen.isdecimal() else 0,
                channel=channel if channel in ("sms", "email", "web") else "",
                send_anyway=bool(anyway),
            )
            if sent.status == "queued":
                await desks.keep_draft(
                    session, now=desk.now, case_id=case_id, staff_id=desk.user.id, kind="reply", text=""
                )
    except replies.UnseenError as error:
        problem = case.Problem(act="reply", said=error.message, values=values, unseen=list(error.newer))
        return await case.show(desk, case_id, status=error.status, problem=problem)
    except (record.CaseError, forms.FormError) as error:
        if error.status == 404:
            raise
        problem = case.Problem(act="reply", said=error.message, values=values)
        return await case.show(desk, case_id, status=error.status, problem=problem)
    if sent.status != "queued":
        # The refusal is committed: its decision record is the reason anyone can read.
        problem = case.Problem(act="reply", said=RefusedReplyError(sent.reasons).message, values=values)
        return await case.show(desk, case_id, status=409, problem=problem)
    return pages.see(f"/console/cases/{case_id}?done={'scheduled' if sent.earliest_at else 'replied'}")


@router.post("/console/cases/{case_id:int}/weigh")
async def weigh(desk: SendDesk, case_id: int, text: Text = "", channel: Text = "") -> Response:
    """Before sending: to whom it would go, in how many segments, at what cost, and what the gate says of it now."""
    async with desk.context.session() as session:
        found = await cases.case(session, case_id=case_id)
        if found is None:
            raise record.UnknownCaseError
        await desks.keep_draft(
            session, now=desk.now, case_id=case_id, staff_id=desk.user.id, kind="reply", text=text[:4000]
        )
        weighed = await _weigh(session, desk, found, text, channel)
    return frame.page(desk, "case/weigh.html", **weighed)


async def _weigh(session: AsyncSession, desk: guard.Desk, found: Any, text: str, channel: str) -> dict[str, Any]:
    asked = await replies.asked(session, debtor_id=found["debtor_id"], channel=channel)
    draft: Draft = replies.draft(found, asked=asked, staff_id=desk.user.id, text=text or "...", channel=channel)
    judged = (await outbox.preview_many(session, [draft], now=desk.now, settings=desk.context.settings))[0]
    words = judged.rendition.text if judged.rendition else text
    count = channels.units(judged.channel, words)
    return {
        "channel": judged.channel,
        "address": judged.point["address"] if judged.point else "",
        "words": words,
        "segments": count,
        "cost": f"{count * SEGMENT_CENTS / 100:.3f}" if judged.medium == "sms" else "",
        "verdict": judged.decision.decision.value,
        "earliest_at": judged.decision.earliest_utc,
        "reasons": judged.against(),
        "empty": not text.strip(),
    }


@router.post("/console/cases/{case_id:int}/contact")
async def contact(
    desk: guard.WorkDesk, case_id: int, medium: Text = "", outcome: Text = "", at: Text = "", note: Text = ""
) -> Response:
    async def write(session: AsyncSession, now: datetime) -> None:
        await contacts.log(
            session,
            now=now,
            case_id=case_id,
            staff_id=desk.user.id,
            medium=medium,
            outcome=forms.chosen(outcome, [word for word, _ in choices.CONTACT_OUTCOMES], what="Outcome"),
            at=forms.moment(at, what="When") if at.strip() else now,
            note=note.strip()[:4000],
        )

    typed = {"medium": medium, "outcome": outcome, "at": at, "note": note}
    return await case.attempt(desk, case_id, "contact", write, done="logged", values=typed)
