"""The edge of every page: headers, foreign forms refused, calm error pages, static files: `install(app)`."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from outreach.errors import OutreachError
from outreach.web import limits, pages

log = structlog.get_logger(__name__)

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Robots-Tag": "noindex, nofollow",
}
#: machines speak here: they sign or carry keys, know no cookies and read JSON
MACHINES = ("/api/", "/hooks/")
#: one file of 5 MB and the fields around it
LARGEST_FORM = 6 * 1024 * 1024


class Shield:
    """Security headers on every answer; forms from other sites never reach a handler."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.headers = dict(_HEADERS)
        if https:
            self.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if refusal := _refusal(scope):
            return await refusal(scope, receive, guarded)
        return await self.app(scope, receive, guarded)


def _refusal(scope: Scope) -> Response | None:
    if _foreign(scope):
        return Response("This form came from another site. Open the page again and send it from there.", 403)
    length = Headers(scope=scope).get("content-length", "0")
    if not scope["path"].startswith(MACHINES) and not (length.isdigit() and int(length) <= LARGEST_FORM):
        return Response("That is too large to send. A file may have up to 5 MB.", 413)
    return None


def _foreign(scope: Scope) -> bool:
    """A write a browser sent from another origin.

    Browsers say so in one of two headers; what says neither is no browser, and its cookies are meant.
    """
    if scope["method"] in {"GET", "HEAD", "OPTIONS"} or scope["path"].startswith((*MACHINES, "/u/")):
        return False
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")


class Kept(StaticFiles):
    """Static files: the address changes with the content, so the browser asks once."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        answer = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


async def _redirect(request: Request, error: Exception) -> Response:
    assert isinstance(error, pages.Elsewhere)
    return pages.see(error.url)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if request.url.path.startswith(MACHINES):
        return _problem(error.status_code, str(error.detail))
    return error_page(request, status=error.status_code)


async def _ours(request: Request, error: Exception) -> Response:
    """An error with a sentence for the person; machines get it as JSON."""
    assert isinstance(error, OutreachError)
    if request.url.path.startswith(MACHINES):
        return _problem(error.status, error.message)
    return error_page(request, status=error.status, said=error.message)


async def _crash(request: Request, error: Exception) -> Response:
    route = request.scope.get("route")  # its pattern, not the address: that may hold a token
    log.error("page.crashed", route=getattr(route, "path", ""), error=type(error).__name__)
    if request.url.path.startswith(MACHINES):
        return _problem(500, "Something went wrong here. Try again with the same key.")
    answer = error_page(request, status=500)
    # Crashes are answered outside the middleware, so the page brings its headers itself.
    answer.headers.update(_HEADERS | {"Cache-Control": "no-store"})
    return answer


def _problem(status: int, detail: str) -> Response:
    """What machines are told: RFC 9457."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JSONResponse(body, status, media_type="application/problem+json")


def error_page(request: Request, *, status: int, said: str = "") -> Response:
    """Calm, with a way to reach us. Pages of staff get their own frame."""
    console = request.url.path.startswith("/console")
    kind = {404: "missing", 405: "missing", 429: "many", 503: "away"}.get(
        status, "refused" if status < 500 else "broken"
    )
    # Services speak English to staff; a debtor reads the page's own words in their language.
    said = said if console or pages.language(request) == "en" else ""
    frame, home = ("layout.html", "/console") if console else ("layout_portal.html", "/")
    return pages.render(request, "error.html", status=status, kind=kind, said=said, frame=frame, home=home)


def install(app: FastAPI, *, https: bool) -> None:
    """Headers, origin check, error pages and `/static` on an application."""
    app.state.limits = limits.Limits()
    app.add_middleware(Shield, https=https)
    app.add_exception_handler(pages.Elsewhere, _redirect)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OutreachError, _ours)
    app.add_exception_handler(Exception, _crash)
    app.mount("/static", Kept(directory=pages.STATIC), name="static")
