"""The way in and out. A link leads to a button; only the button's POST spends it, so no scanner signs anyone in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Form, Request
from fastapi.responses import Response

from outreach.context import Context
from outreach.staff import service as staff
from outreach.web import deps, pages, words
from outreach.web.console import guard, invite

router = APIRouter()

_ENGLISH: dict[str, Any] = {"lang": "en", "t": words.speaker("en")}


def _door(request: Request, *, status: int = 200, **values: object) -> Response:
    shown: dict[str, Any] = {"sent": False, "token": "", "problem": None} | values
    return pages.render(request, "console/sign_in.html", status=status, **_ENGLISH, **shown)


@router.get("/console")
async def home(desk: guard.AnyDesk) -> Response:
    """Each role starts where its work is."""
    starts = (("cases.read", "/console/queue"), ("users.manage", "/console/users"))
    return pages.see(next((url for act, url in starts if desk.may(act)), "/console/reports"))


@router.get("/console/sign-in")
async def ask(request: Request) -> Response:
    return _door(request)


@router.post("/console/sign-in")
async def send_link(
    request: Request, context: deps.ContextDep, later: BackgroundTasks, email: Annotated[str, Form()] = ""
) -> Response:
    """The same answer, as fast, whoever asks: nobody learns which addresses are known."""
    later.add_task(invite.by_mail, context, email=email)
    answer = _door(request, sent=True)
    answer.background = later
    return answer


@router.get("/console/sign-in/{token}")
async def confirm(request: Request, token: str) -> Response:
    return _door(request, token=token)


@router.post("/console/sign-in/{token}")
async def enter(request: Request, context: deps.ContextDep, token: str) -> Response:
    try:
        async with context.session() as session:
            fresh = await staff.sign_in(session, now=context.now(), token=token)
    except staff.LinkError as error:
        return _door(request, status=error.status, problem=error.message)
    answer = pages.see("/console")
    _keep(answer, context, fresh)
    return answer


@router.post("/console/sign-out")
async def leave(request: Request, context: deps.ContextDep) -> Response:
    token = request.cookies.get(guard.COOKIE, "")
    async with context.session() as session:
        await staff.sign_out(session, now=context.now(), token=token)
    answer = pages.see(guard.SIGN_IN)
    answer.delete_cookie(guard.COOKIE, path="/console")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _keep(answer: Response, context: Context, token: str) -> None:
    """A cookie only the console receives and no script reads; it ends with the browser, or on the server before."""
    https = context.settings.base_url.startswith("https:")
    answer.set_cookie(guard.COOKIE, token, path="/console", httponly=True, secure=https, samesite="lax")
