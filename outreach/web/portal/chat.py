"""The chat: everything said with this person on any channel, and a box to write. Answers arrive by themselves where
scripts run; without them a button looks again."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from channels.contract import Inbound
from outreach import conversations, tokens
from outreach.web import pages, words
from outreach.web.deps import ContextDep, SessionDep
from outreach.web.portal import queries
from outreach.web.portal import session as portal_session

router = APIRouter(prefix="/chat")

LONGEST = 2_000


@router.get("")
async def show(request: Request, context: ContextDep, session: SessionDep, visit: portal_session.VisitDep) -> Response:
    return await _page(request, session, visit)


@router.post("")
async def say(
    request: Request,
    context: ContextDep,
    session: SessionDep,
    visit: portal_session.VisitDep,
    fields: portal_session.FormDep,
) -> Response:
    """One message in, through the one door; the same form twice is one message."""
    text = fields.get("text", "")[:LONGEST]
    if not text:
        errors = {"text": words.speaker(pages.language(request))("chat.text_missing")}
        return await _page(request, session, visit, status=422, errors=errors)
    said = Inbound(
        provider_id=f"chat-{visit.id}-{fields.get('once') or tokens.new_id()}",
        sender=f"portal:{visit.debtor_id}",
        to="portal",
        text=text,
    )
    await conversations.receive(
        session, said, context=context, channel="web", now=context.now(), debtor_id=visit.debtor_id
    )
    return pages.see("/chat#said")


async def _page(request: Request, session: SessionDep, visit: portal_session.Visit, **more: Any) -> Response:
    return pages.render(
        request,
        "portal/chat.html",
        fragment="messages",
        messages=await queries.thread(session, debtor_id=visit.debtor_id),
        held=await queries.held_by(session, debtor_id=visit.debtor_id),
        zone=visit.zone,
        once=tokens.new_id().hex,
        **more,
    )
