"""Pages: a template rendered whole, or one block of it when HTMX asked for a fragment. Templates get plain values.

`render(request, "portal/plan/amount.html", fragment="preview", ...)` answers a browser with the page and HTMX with the
block `preview` alone, so that the same markup is written once. Every page gets the words of its language (`t`), the
company's details, and what a form needs to be shown again (`values`, `errors`).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from outreach.messages import phrases
from outreach.settings import Settings
from outreach.web import words

STATIC = words.TEMPLATES / "static"
LANGUAGE_COOKIE = "language"


class Elsewhere(Exception):  # noqa: N818 - no error, a way out
    """Raised by a dependency to send the person elsewhere with 303."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


@lru_cache
def environment() -> jinja2.Environment:
    """Compiled once. A value a page forgot is an error, not an empty place."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(words.TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(static=static, integrity=integrity, languages=words.LANGUAGES)
    made.filters.update(money=phrases.money)
    return made


@lru_cache
def _hash(name: str) -> bytes:
    return hashlib.sha256((STATIC / name).read_bytes()).digest()


def static(name: str) -> str:
    """Address of a file under `templates/static`, changing with its content so that browsers may keep it for ever."""
    return f"/static/{name}?v={_hash(name).hex()[:12]}"


def integrity(name: str) -> str:
    """Subresource integrity of a static file."""
    return "sha256-" + base64.b64encode(_hash(name)).decode()


def language(request: Request) -> str:
    """The person's choice, else what a handler set from the record, else the browser's wish."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in words.LANGUAGES:
        return chosen
    known = getattr(request.state, "language", "")
    return known if known in words.LANGUAGES else words.preferred(request.headers.get("accept-language", ""))


def company(settings: Settings) -> Mapping[str, Any]:
    """Our true business name and how to check us (12 CFR 1006.18; dialog-spec 7.6)."""
    return {
        "name": settings.company_name,
        "address": settings.company_address,
        "phone": settings.company_phone,
        "email": settings.company_email,
        "web": settings.company_web,
        "licences": settings.licences(),
    }


def law(language: str, sentence: str, **values: Any) -> str:
    """The sentences law demands, word for word as messages carry them."""
    if sentence == "time_barred":
        return phrases.TIME_BARRED[language]
    if sentence == "licence":
        return phrases.licence(language, values["number"])
    return phrases.disclosure(language, initial=sentence == "initial")


def is_fragment(request: Request) -> bool:
    """HTMX asks for a part; a boosted link wants the whole page."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-boosted") != "true"


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    fragment: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    **more: Any,
) -> HTMLResponse:
    """One page in the person's language. `values`, `errors`: by field id, what was typed and what to change in it."""
    spoken = language(request)
    page = {
        "t": words.speaker(spoken),
        "lang": spoken,
        "day": partial(words.day, language=spoken),
        "moment": partial(words.moment, language=spoken),
        "law": partial(law, spoken),
        "path": request.url.path,
        "company": company(request.app.state.context.settings),
        "visit": getattr(request.state, "visit", None),
        "values": values or {},
        "errors": errors or {},
        **more,
    }
    # Macros reach every template and fragment by name; a block rendered alone would not see a template's imports.
    for macros in ("form", "part"):
        page[macros] = environment().get_template(f"macros/{macros}.html").make_module(page)
    found = environment().get_template(template)
    alone = fragment and is_fragment(request)
    body = "".join(found.blocks[fragment](found.new_context(page))) if alone else found.render(page)
    answer = HTMLResponse(body, status_code=status)
    answer.headers["Content-Language"] = spoken
    answer.headers["Vary"] = "HX-Request, Cookie, Accept-Language"
    return answer


def see(url: str) -> RedirectResponse:
    """After a form: go and look (303), so that a reload repeats nothing."""
    return RedirectResponse(url, status_code=303)
