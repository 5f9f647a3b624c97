"""Open any message or decision down to its rules and facts, and the trail to who did what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from outreach.disputes import proofs
from outreach.errors import OutreachError
from outreach.reports import trail
from outreach.web.console import forms, frame, guard

router = APIRouter()

AuditDesk = Annotated[guard.Desk, Depends(guard.at_desk("audit.read"))]


class NoEvidenceError(OutreachError):
    """There is no such record."""

    status = 404


@router.get("/console/messages/{message_id}")
async def message(desk: guard.ReadDesk, message_id: UUID) -> Response:
    """Byte for byte what left or arrived, each attempt, each receipt, each decision."""
    async with desk.context.session() as session:
        found = await trail.message(session, message_id=message_id)
    if found is None:
        raise NoEvidenceError
    await desk.saw("message", debtor_id=found["debtor_id"], subject=f"message:{message_id}")
    return frame.page(desk, "message.html", m=found)


@router.get("/console/messages/{message_id}/attachments/{attachment_id:int}")
async def attachment(desk: guard.ReadDesk, message_id: UUID, attachment_id: int) -> Response:
    """A file someone sent, only ever as a download."""
    async with desk.context.session() as session:
        found = await trail.attachment(session, message_id=message_id, attachment_id=attachment_id)
    if found is None:
        raise NoEvidenceError
    await desk.saw("attachment", debtor_id=found["debtor_id"], subject=f"attachment:{attachment_id}")
    return _download(found["content"])


@router.get("/console/proofs/{proof_id:int}")
async def proof(desk: guard.ReadDesk, proof_id: int) -> Response:
    """A file a creditor brought about a dispute, only ever as a download."""
    async with desk.context.session() as session:
        found = await proofs.file(session, proof_id=proof_id)
    if found is None:
        raise NoEvidenceError
    await desk.saw("proof", debtor_id=found["debtor_id"], subject=f"proof:{proof_id}")
    return _download(found["content"])


def _download(content: bytes) -> Response:
    headers = {"Content-Disposition": 'attachment; filename="attachment"', "Content-Security-Policy": "sandbox"}
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.get("/console/decisions/{decision_id:int}")
async def decision(desk: guard.ReadDesk, decision_id: int) -> Response:
    async with desk.context.session() as session:
        found = await trail.decision(session, decision_id=decision_id)
    if found is None:
        raise NoEvidenceError
    await desk.saw("decision", debtor_id=found["debtor_id"], subject=f"decision:{decision_id}")
    return frame.page(desk, "decision.html", r=found)


@router.get("/console/decisions")
async def decisions(
    desk: AuditDesk, person: str = "", rule: str = "", verdict: str = "", day: str = "", before: str = ""
) -> Response:
    async with desk.context.session() as session:
        rows = await trail.decisions(
            session,
            person=person.strip(),
            rule=rule.strip().upper(),
            verdict=verdict,
            day=forms.optional_day(day),
            before=int(before) if before.isdecimal() else None,
        )
    query = {"person": person, "rule": rule, "verdict": verdict, "day": day}
    return frame.page(desk, "decisions.html", fragment="rows", rows=rows, q=query, more=_more(rows))


@router.get("/console/audit")
async def audit_trail(
    desk: AuditDesk, person: str = "", actor: str = "", action: str = "", day: str = "", before: str = ""
) -> Response:
    async with desk.context.session() as session:
        rows = await trail.audit_entries(
            session,
            person=person.strip(),
            actor=actor.strip(),
            action=action.strip(),
            day=forms.optional_day(day),
            before=int(before) if before.isdecimal() else None,
        )
        chain = await trail.chain_state(session)
    query = {"person": person, "actor": actor, "action": action, "day": day}
    return frame.page(desk, "audit.html", fragment="rows", rows=rows, q=query, chain=chain, more=_more(rows))


def _more(rows: list[Mapping[str, object]]) -> object:
    """Where the next screen starts; None on the last."""
    return rows[-1]["id"] if len(rows) == trail.PAGE else None
