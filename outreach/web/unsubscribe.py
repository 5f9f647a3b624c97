"""One-click unsubscribe (RFC 8058): a POST stops at once, without cookies, sign-in or redirects; a GET changes nothing.

The token names the message it came in, so that the medium of that message stops for its person, on every address.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.accounts import service as accounts
from outreach.accounts.models import HoldReason, PointStatus
from outreach.consents import service as consents
from outreach.context import Context
from outreach.messages import outbox, silence
from outreach.web import forms, pages, words
from outreach.web.deps import ContextDep, SessionDep

_routes = APIRouter()
PURPOSE = "unsubscribe"


def router() -> APIRouter:
    return _routes


_MESSAGE = """
select m.id, m.debtor_id, m.medium, m.address, m.contact_point_id, d.language
from message m join debtor d on d.id = m.debtor_id where m.id = :id and m.direction = 'out'
"""


async def _find(request: Request, context: Context, session: AsyncSession, token: str) -> Mapping[str, Any] | None:
    message_id = outbox.read_message_token(context.key, PURPOSE, token)
    found = await db.one(session, _MESSAGE, id=message_id) if message_id else None
    if found:
        request.state.language = found["language"]
    return found


@_routes.api_route("/u/{token}", methods=["GET", "HEAD"])
async def ask(request: Request, token: str, context: ContextDep, session: SessionDep) -> Response:
    if not await _find(request, context, session, token):
        return pages.render(request, "portal/unsubscribed.html", status=404, known=False)
    return pages.render(request, "portal/unsubscribe.html")


@_routes.post("/u/{token}")
async def stop(request: Request, token: str, context: ContextDep, session: SessionDep) -> Response:
    """The mail program's one click, or a choice on our page. Repeats answer the same and add nothing."""
    message = await _find(request, context, session, token)
    if not message:
        return pages.render(request, "portal/unsubscribed.html", status=404, known=False)
    fields = await forms.read(request)
    what = "medium" if fields.get("List-Unsubscribe") == "One-Click" else fields.get("what", "")
    if what not in {"medium", "all", "not_mine"}:
        errors = {"what": words.speaker(pages.language(request))("unsubscribe.what_missing")}
        return pages.render(request, "portal/unsubscribe.html", status=422, errors=errors)
    await apply(context, session, message, what)
    return pages.render(request, "portal/unsubscribed.html", known=True)


async def apply(context: Context, session: AsyncSession, message: Mapping[str, Any], what: str) -> None:
    """Silence by a click. One that comes again adds nothing while it is still the newest word on the medium."""
    now, debtor_id = context.now(), message["debtor_id"]
    if what != "medium" or not await consents.refused_at(session, debtor_id=debtor_id, medium=message["medium"]):
        await silence.opt_out(
            session,
            now=now,
            debtor_id=debtor_id,
            medium=None if what == "all" else message["medium"],
            via="one_click",
            actor="portal",
            words=f"unsubscribe: {what}",
            address=message["address"],
            message_id=message["id"],
        )
    if what == "not_mine":
        await accounts.mark_point(
            session,
            now=now,
            address=message["address"],
            status=PointStatus.WRONG_PARTY,
            actor="portal",
            debtor_id=debtor_id,
        )
        await silence.hold(
            session,
            now=now,
            debtor_id=debtor_id,
            reason=HoldReason.WRONG_ADDRESS,
            actor="portal",
            contact_point_id=message["contact_point_id"],
            note="the reader said the address is not theirs",
        )
