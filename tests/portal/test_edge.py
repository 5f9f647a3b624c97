"""What holds on every page: headers, error summaries, calm errors, files with checksums, guessers slowed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach import tokens
from outreach.money import cents as written
from outreach.web import limits, pages, portal
from outreach.web.portal import plan_draft
from tests.portal.conftest import Person, enter
from tests.portal.reader import Visitor

#: pages open to anybody; every other one leads a stranger to the door
OPEN = {
    *("/", "/help", "/privacy", "/genuine", "/signed-out", "/stop", "/not-me/done", "/l/{token}", "/l/{token}/not-me"),
    *("/new-link", "/language"),
}


HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


def routes() -> Iterator[APIRoute]:
    """Every handler of the portal, found through the routers it is made of."""
    nouns = (part.original_router for part in portal.router().routes)  # type: ignore[attr-defined]
    return (route for noun in nouns for route in noun.routes if isinstance(route, APIRoute))


def address(route: APIRoute) -> str:
    return route.path.format(number="1", token="none", what="sms")


async def test_every_page_is_guarded_and_carries_the_headers(visitor: Visitor) -> None:
    for route in routes():
        method = "POST" if "POST" in route.methods else "GET"
        answer = await visitor.http.request(method, address(route), follow_redirects=False)
        assert wrong(route, answer) == [], f"{method} {route.path}"


def wrong(route: APIRoute, answer: Any) -> list[str]:
    policy = answer.headers.get("content-security-policy", "")
    found = [
        f"{name} is {answer.headers.get(name)}" for name, value in HEADERS.items() if answer.headers.get(name) != value
    ]
    if "unsafe" in policy or "frame-ancestors 'none'" not in policy:
        found.append(policy)
    if route.path not in OPEN and answer.headers.get("location") != "/signed-out":
        found.append("open to strangers")
    return found


FORMS = (
    *("/", "/genuine", "/debts/1/dispute", "/debts/1/hardship", "/debts/1/plan/rhythm", "/person", "/stop", "/chat"),
    "/preferences",
)


@pytest.mark.parametrize("language", ["en", "es"])
async def test_every_form_sent_wrong_says_so_the_same_way(
    visitor: Visitor, dana: Person, marisol: Person, language: str
) -> None:
    """Summary on top with a link to each field, the same words at the field, a title that begins with Error."""
    visitor.http.headers["accept-language"] = language
    await enter(visitor, dana if language == "en" else marisol)
    for path in FORMS:
        page = await visitor.go(path if path != "/" else "/l/none")
        form = next(f for f in page.forms if f.action not in {"/language", "/sign-out", "/extend"})
        data = {"form_token": form.fields.get("form_token", "")}
        page = visitor._keep(await visitor.http.post(form.action, data=data))
        assert visitor.status == 422, path
        assert page.title.startswith("Error: "), path
        assert page.lang == language
        links = {link: words for link, words in page.links.items() if link.startswith("#") and link != "#main"}
        assert links, path
        for link, words in links.items():
            assert link[1:] in page.ids, f"{path}: {link} leads nowhere"
            assert page.text.count(words.strip()) >= 2, f"{path}: other words at the field"


async def test_a_page_that_is_not_there_is_calm_and_names_a_way_to_reach_us(visitor: Visitor) -> None:
    page = await visitor.go("/nowhere")
    assert visitor.status == 404
    assert "+1 614 555 0100" in page.text


async def test_a_crash_is_calm_keeps_its_headers_and_tells_nothing(app: FastAPI) -> None:
    @app.get("/crash")
    def crash() -> None:
        raise ValueError("secret detail")

    who = Visitor(app)
    who.http._transport.raise_app_exceptions = False  # type: ignore[attr-defined]
    page = await who.go("/crash")
    assert who.status == 500
    assert "Nothing was done twice" in page.text
    assert "secret" not in page.html
    assert "default-src 'none'" in who.answer.headers["content-security-policy"]
    await who.http.aclose()


async def test_a_body_beyond_six_megabytes_never_reaches_a_handler(visitor: Visitor) -> None:
    answer = await visitor.http.post("/genuine", content=b"x" * (6 * 1024 * 1024 + 1))
    assert answer.status_code == 413


async def test_who_guesses_links_is_slowed_down(visitor: Visitor) -> None:
    most, _ = limits.LIMITS["dead_link"]
    for _ in range(most):
        await visitor.http.get(f"/l/{tokens.new_token()}")
    page = await visitor.go(f"/l/{tokens.new_token()}")
    assert visitor.status == 429
    assert "Wait a few minutes" in page.text


def test_vendored_files_are_the_locked_ones() -> None:
    lines = (pages.STATIC / "vendor.lock").read_text(encoding="utf-8").splitlines()
    locked = {line.split()[0]: line.split()[-1] for line in lines if line and not line.startswith("#")}
    files = {str(f.relative_to(pages.STATIC)): f for f in (pages.STATIC / "vendor").rglob("*") if f.is_file()}
    assert files.keys() == locked.keys()
    for name, file in files.items():
        assert hashlib.sha256(file.read_bytes()).hexdigest() == locked[name], name


def test_the_portals_scripts_stay_small() -> None:
    own = [f for f in pages.STATIC.glob("*.js") if f.name == "house.js"]
    assert sum(f.stat().st_size for f in own) <= 5 * 1024
    assert sum(f.stat().st_size for f in [*own, *pages.STATIC.glob("vendor/htmx-4*")]) <= 60 * 1024


def test_no_template_carries_inline_code_or_another_host() -> None:
    for path in pages.STATIC.parent.glob("**/*.html"):
        if "messages" in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        for forbidden in (" style=", "<style", "onclick=", "javascript:", "//cdn", 'src="http'):
            assert forbidden not in source, f"{path.name} has {forbidden}"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cents=st.integers(1, 61_240), frequency=st.sampled_from(plan_draft.FREQUENCIES))
async def test_preview_check_page_and_policy_agree_to_the_cent(inside: Visitor, cents: int, frequency: str) -> None:
    """U6 through the rendered page: every amount between nothing and the balance."""
    await inside.go("/debts/1/plan/rhythm")
    await inside.send(frequency=frequency)
    await inside.go("/debts/1/plan/amount")
    page = await inside.send(amount="other", other=f"{cents / 100:.2f}")
    if inside.path.endswith("/nearest"):
        page = await inside.send(choice="nearest")
    if inside.path.endswith("/start"):
        page = await inside.send(first=page.options["first"][0])
    assert inside.path.endswith("/check")
    parts = [written.parse(row[2]) for row in page.rows[1:-1]]
    assert sum(parts) == 61_240 == written.parse(page.rows[-1][2])
    assert len(set(parts[:-1])) <= 1
    assert parts[-1] <= parts[0]
