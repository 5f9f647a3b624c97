"""The link in a message: looking changes nothing, a button opens a session, "not me" ends the matter for that address.

Expired, revoked and invented links get one and the same page, so that nobody learns which links or addresses exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db, tokens
from outreach.accounts import service as accounts
from outreach.accounts.models import HoldReason, PointStatus
from outreach.messages import silence
from outreach.web import forms, limits, pages, words
from outreach.web.deps import ContextDep, SessionDep
from outreach.web.portal import session as portal_session

router = APIRouter()

_LINK = """
select l.id, l.debtor_id, d.language from link l join debtor d on d.id = l.debtor_id
where l.token_hash = :hash and l.purpose = 'portal' and l.revoked_at is null
  and (l.expires_at is null or l.expires_at > :now)
"""


async def _find(request: Request, session: AsyncSession, token: str, now: datetime) -> Mapping[str, Any] | None:
    limits.of(request).check("dead_link", request)
    found = await db.one(session, _LINK, hash=tokens.digest(token), now=now)
    if found:
        request.state.language = found["language"]
    else:
        limits.of(request).count("dead_link", request)
    return found


def _dead(request: Request) -> Response:
    return pages.render(request, "portal/dead_link.html", status=404)


@router.api_route("/l/{token}", methods=["GET", "HEAD"])
async def landing(request: Request, token: str, context: ContextDep, session: SessionDep) -> Response:
    """Scanners, previews and prefetches come here too: nothing is marked, opened or counted."""
    if not await _find(request, session, token, context.now()):
        return _dead(request)
    return pages.render(request, "portal/landing.html")


@router.post("/l/{token}")
async def enter(request: Request, token: str, context: ContextDep, session: SessionDep) -> Response:
    now = context.now()
    link = await _find(request, session, token, now)
    if not link:
        return _dead(request)
    cookie = await portal_session.open_session(session, now=now, debtor_id=link["debtor_id"], link_id=link["id"])
    answer = pages.see("/check")
    portal_session.set_cookie(answer, context, cookie)
    return answer


@router.get("/l/{token}/not-me")
async def not_me(request: Request, token: str, context: ContextDep, session: SessionDep) -> Response:
    if not await _find(request, session, token, context.now()):
        return _dead(request)
    return pages.render(request, "portal/not_me.html", back=f"/l/{token}")


@router.post("/l/{token}/not-me")
async def say_not_me(request: Request, token: str, context: ContextDep, session: SessionDep) -> Response:
    now = context.now()
    link = await _find(request, session, token, now)
    if not link:
        return _dead(request)
    fields = await forms.read(request)
    return await _settle(request, session, fields, now=now, link_id=link["id"], back=f"/l/{token}")


@router.get("/not-me")
async def not_me_inside(request: Request, visit: portal_session.EnteredDep) -> Response:
    return pages.render(request, "portal/not_me.html", back="/check")


@router.post("/not-me")
async def say_not_me_inside(
    request: Request,
    context: ContextDep,
    session: SessionDep,
    visit: portal_session.EnteredDep,
    fields: portal_session.FormDep,
) -> Response:
    now = context.now()
    answer = await _settle(request, session, fields, now=now, link_id=visit.draft.get("link"), back="/check")
    if answer.status_code == 303:
        await portal_session.end(session, now=now, visit_id=visit.id)
        answer.delete_cookie(portal_session.COOKIE)
    return answer


@router.get("/not-me/done")
async def not_me_done(request: Request) -> Response:
    return pages.render(request, "portal/not_me_done.html")


async def _settle(
    request: Request, session: AsyncSession, fields: forms.Posted, *, now: datetime, link_id: int | None, back: str
) -> Response:
    """A choice is needed: scanners that send forms blank must not silence anyone."""
    if fields.get("who") not in {"wrong", "known"}:
        errors = {"who": words.speaker(pages.language(request))("not_me.who_missing")}
        return pages.render(request, "portal/not_me.html", status=422, back=back, errors=errors)
    status = PointStatus.WRONG_PARTY if fields["who"] == "wrong" else PointStatus.THIRD_PARTY
    await wrong_person(session, now=now, link_id=link_id, status=status)
    return pages.see("/not-me/done")


_POINT = """
select l.debtor_id, m.contact_point_id, coalesce(cp.address, m.address, '') as address
from link l left join message m on m.id = l.message_id left join contact_point cp on cp.id = m.contact_point_id
where l.id = :id
"""


async def wrong_person(session: AsyncSession, *, now: datetime, link_id: int | None, status: PointStatus) -> None:
    """Whoever reads this address is not the person: nothing more goes there, and its links lead nowhere."""
    point = await db.one(session, _POINT, id=link_id)
    if not point:
        return
    if point["address"]:
        await accounts.mark_point(
            session, now=now, address=point["address"], status=status, actor="portal", debtor_id=point["debtor_id"]
        )
    await silence.hold(
        session,
        now=now,
        debtor_id=point["debtor_id"],
        reason=HoldReason.WRONG_ADDRESS,
        actor="portal",
        contact_point_id=point["contact_point_id"],
        note="the reader of a link said: not me",
    )
    await db.rows(session, "update link set revoked_at = :now where id = :id returning id", now=now, id=link_id)
    await audit.record(
        session, now=now, actor="portal", action="wrong_person", debtor_id=point["debtor_id"], why=str(status)
    )
