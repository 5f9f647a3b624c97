"""Talk to a person: chat, phone, or leave word and be told by when someone answers (S36)."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from outreach.cases import service as cases
from outreach.web import pages, words
from outreach.web.deps import ContextDep, SessionDep
from outreach.web.portal import letters, queries
from outreach.web.portal import session as portal_session

router = APIRouter(prefix="/person")


@router.get("")
async def ask(request: Request, visit: portal_session.VisitDep) -> Response:
    return pages.render(request, "portal/person.html")


@router.post("")
async def take(
    request: Request,
    context: ContextDep,
    session: SessionDep,
    visit: portal_session.VisitDep,
    fields: portal_session.FormDep,
) -> Response:
    text = fields.get("text", "")
    if not text:
        errors = {"text": words.speaker(pages.language(request))("person.text_missing")}
        return pages.render(request, "portal/person.html", status=422, errors=errors)
    message_id = await letters.take(context, session, visit, subject="", text=text)
    await cases.open(
        session,
        now=context.now(),
        debtor_id=visit.debtor_id,
        reason="ask_human",
        actor=f"debtor:{visit.debtor_id}",
        message_id=message_id,
        summary={"message": text[:1000]},
    )
    return pages.see("/person/done")


@router.get("/done")
async def done(request: Request, session: SessionDep, visit: portal_session.VisitDep) -> Response:
    due = await queries.promised(session, debtor_id=visit.debtor_id, reason="ask_human")
    if due is None:
        return pages.see("/person")
    return pages.render(request, "portal/person_done.html", due_at=due, zone=visit.zone)
