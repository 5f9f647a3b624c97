"""Pages for anybody: who we are, is a message genuine, help, privacy, language, signing out. None tells of a debt."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request, Response

from outreach import db, tokens
from outreach.web import forms, pages, words
from outreach.web.deps import ContextDep, SessionDep
from outreach.web.portal import session as portal_session

router = APIRouter()


@router.get("/")
async def front(request: Request, visit: portal_session.GuestDep) -> Response:
    if visit and visit.verified:
        return pages.see("/debts")
    return pages.render(request, "portal/front.html")


@router.get("/help")
async def help_page(request: Request, visit: portal_session.GuestDep) -> Response:
    return pages.render(request, "portal/help.html")


@router.get("/privacy")
async def privacy(request: Request, visit: portal_session.GuestDep) -> Response:
    return pages.render(request, "portal/privacy.html")


@router.get("/genuine")
async def genuine(request: Request, visit: portal_session.GuestDep) -> Response:
    return pages.render(request, "portal/genuine.html", answer="")


@router.post("/genuine")
async def check_genuine(
    request: Request, context: ContextDep, session: SessionDep, visit: portal_session.GuestDep
) -> Response:
    """Is this link one of ours? The answer is the same whatever the link was about, and for links long expired."""
    fields = await forms.read(request)
    typed = fields.get("link", "")
    if not typed:
        t = words.speaker(pages.language(request))
        errors = {"link": t("genuine.link_missing")}
        return pages.render(request, "portal/genuine.html", status=422, answer="", values=fields, errors=errors)
    ours = await _is_ours(session, typed, host=urlsplit(context.settings.base_url).netloc)
    return pages.render(request, "portal/genuine.html", answer="yes" if ours else "no", values=fields)


async def _is_ours(session: SessionDep, typed: str, *, host: str) -> bool:
    parts = urlsplit(typed if "//" in typed else f"//{typed}")
    token = parts.path.rstrip("/").rpartition("/")[2]
    if parts.netloc.lower() != host.lower() or not token:
        return False
    return await db.one(session, "select 1 from link where token_hash = :hash", hash=tokens.digest(token)) is not None


@router.post("/language")
async def choose_language(to: Annotated[str, Form()], back: Annotated[str, Form()] = "/") -> Response:
    """Another language, the same page. `back` is a path of ours; anything else leads to the front."""
    answer = pages.see(local(back))
    if to in words.LANGUAGES:
        answer.set_cookie(pages.LANGUAGE_COOKIE, to, max_age=31_536_000, httponly=True, samesite="lax")
    return answer


@router.post("/extend")
async def extend(visit: portal_session.EnteredDep, fields: portal_session.FormDep) -> Response:
    """Stay signed in: being here was enough to keep the session open."""
    return pages.see(local(fields.get("back", "/")))


@router.post("/sign-out")
async def sign_out(
    context: ContextDep, session: SessionDep, visit: portal_session.EnteredDep, fields: portal_session.FormDep
) -> Response:
    await portal_session.end(session, now=context.now(), visit_id=visit.id)
    answer = pages.see("/signed-out")
    answer.delete_cookie(portal_session.COOKIE)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@router.get("/signed-out")
async def signed_out(request: Request) -> Response:
    return pages.render(request, "portal/signed_out.html")


def local(path: str) -> str:
    """A path on this site, never an address elsewhere ("//evil", "/\\\\evil")."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if plain else "/"
