"""Every refusal of the API in one shape: RFC 9457, `application/problem+json`, with a sentence that says what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from outreach import db
from outreach.errors import OutreachError

log = structlog.get_logger(__name__)

MEDIA = "application/problem+json"
#: seconds, by status: when asking again makes sense
_LATER = {409: "1", 429: "60", 503: "5"}
_SAID = {
    404: "There is nothing at this address. The OpenAPI document lists what there is.",
    405: "This address does not take that method. The OpenAPI document lists what it takes.",
    413: "That is too large. Split it into several requests.",
}


class Fault(BaseModel):
    at: str = Field(description="where in the request, like `body/amount_cents`")
    detail: str


class Problem(BaseModel):
    """RFC 9457. `type` ends in a word that stays; `detail` is a sentence for a person."""

    type: str = Field(examples=["urn:outreach:problem:unknown-account"])
    title: str
    status: int
    detail: str
    errors: list[Fault] | None = Field(None, description="each fault of the request, where there are several")


def answer(
    status: int,
    detail: str,
    *,
    word: str = "",
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    title = HTTPStatus(status).phrase
    body: dict[str, Any] = {
        "type": f"urn:outreach:problem:{word or title.lower().replace(' ', '-')}",
        "title": title,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = list(errors)
    later = {"Retry-After": _LATER[status]} if status in _LATER else {}
    return JSONResponse(body, status, media_type=MEDIA, headers={**later, **(headers or {})})


def of(error: OutreachError) -> Response:
    """A refusal of the application; its class names it: UnknownAccountError is `unknown-account`."""
    word = re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__.removesuffix("Error")).lower()
    return answer(error.status, error.message, word=word)


def documented(*statuses: int, known: type[BaseModel] | None = None) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: these refusals, and those every route has; `known`: what a 200 says beside a 201."""
    schema = {"$ref": "#/components/schemas/Problem"}
    on_file: dict[int | str, dict[str, Any]] = (
        {200: {"model": known, "description": "Nothing changed"}} if known else {}
    )
    return on_file | {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA: {"schema": schema}}}
        for status in sorted({401, 403, 422, 429, 503, *statuses})
    }


def install(app: FastAPI) -> None:
    """Handlers for whatever a request can end in."""
    app.add_exception_handler(OutreachError, _ours)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _http)
    for outage in db.OUTAGE:
        app.add_exception_handler(outage, _outage)
    app.add_exception_handler(Exception, _crash)


async def _ours(_: Request, error: Exception) -> Response:
    assert isinstance(error, OutreachError)
    return of(error)


async def _unreadable(_: Request, error: Exception) -> Response:
    """What was written is not repeated: it may be about a person."""
    assert isinstance(error, RequestValidationError)
    faults = [{"at": _printable("/".join(map(str, e["loc"]))), "detail": _printable(e["msg"])} for e in error.errors()]
    return answer(422, "The request does not say what it must. `errors` lists where.", errors=faults[:100])


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return answer(error.status_code, _SAID.get(error.status_code, error.detail), headers=error.headers)


async def _outage(_: Request, error: Exception) -> Response:
    log.warning("api.outage", error=type(error).__name__)
    return answer(503, "The service cannot do this right now. Send the same request with the same key again.")


async def _crash(request: Request, error: Exception) -> Response:
    route = request.scope.get("route")
    log.error("api.crashed", route=getattr(route, "path", ""), error=type(error).__name__)
    return answer(500, "Something went wrong here. Send the same request with the same key again.")


def _printable(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode()[:200]
