"""Stop contacting me: texts, emails, all messages, or all contact. It works at once, and before the guard too."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.accounts.models import HoldReason
from outreach.cases import service as cases
from outreach.context import Context
from outreach.messages import silence
from outreach.web import pages, words
from outreach.web.deps import ContextDep, SessionDep
from outreach.web.portal import queries
from outreach.web.portal import session as portal_session

router = APIRouter(prefix="/stop")

CHOICES = ("sms", "email", "all", "cease")


@router.get("")
async def ask(request: Request, visit: portal_session.GuestDep) -> Response:
    """A stranger reads how to stop without signing in; who came by a link may choose, guard or not."""
    return pages.render(request, "portal/stop.html" if visit else "portal/stop_guest.html", choices=CHOICES)


@router.post("")
async def take(
    request: Request,
    context: ContextDep,
    session: SessionDep,
    visit: portal_session.EnteredDep,
    fields: portal_session.FormDep,
) -> Response:
    what = fields.get("what", "")
    if what not in CHOICES:
        errors = {"what": words.speaker(pages.language(request))("stop.what_missing")}
        return pages.render(request, "portal/stop.html", status=422, errors=errors, choices=CHOICES)
    await apply(context, session, debtor_id=visit.debtor_id, what=what)
    return pages.see(f"/stop/done/{what}")


@router.post("/again")
async def allow(
    context: ContextDep, session: SessionDep, visit: portal_session.VisitDep, fields: portal_session.FormDep
) -> Response:
    """They changed their mind: messages of one kind may come again. Past the guard only."""
    medium = fields.get("medium", "")
    if medium in await queries.stopped(session, debtor_id=visit.debtor_id):
        await silence.opt_in(
            session,
            now=context.now(),
            debtor_id=visit.debtor_id,
            medium=medium,
            via="portal",
            actor=f"debtor:{visit.debtor_id}",
            words=f"portal: {medium} again",
        )
    return pages.see("/preferences?saved=1")


@router.get("/done/{what}")
async def done(request: Request, what: str, visit: portal_session.EnteredDep) -> Response:
    if what not in CHOICES:
        return pages.see("/stop")
    return pages.render(request, "portal/stop_done.html", what=what)


async def apply(context: Context, session: AsyncSession, *, debtor_id: int, what: str) -> None:
    """A medium, all electronic messages, or all contact (15 USC 1692c(c): a hold, and a person reads it)."""
    now, actor = context.now(), f"debtor:{debtor_id}"
    if what != "cease":
        medium = None if what == "all" else what
        await silence.opt_out(
            session, now=now, debtor_id=debtor_id, medium=medium, via="portal", actor=actor, words=f"portal: {what}"
        )
        return
    await silence.hold(
        session, now=now, debtor_id=debtor_id, reason=HoldReason.CEASE, actor=actor, note="asked in the portal"
    )
    await cases.open(session, now=now, debtor_id=debtor_id, reason="cease", actor=actor)
