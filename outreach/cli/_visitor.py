"""A debtor with a browser: follows the link in the message and fills in the portal's own forms."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import aiohttp

from outreach.cli._demo import Stage

_LINK = re.compile(r"https?://\S+/l/[\w-]+")


class Form(HTMLParser):
    """The first form of a page whose action matches: its address and the values it would send."""

    def __init__(self, html: str, action: str) -> None:
        super().__init__()
        self.action: str | None = None
        self.values: dict[str, str] = {}
        self._wanted, self._inside = action, False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        if tag == "form" and self.action is None and re.search(self._wanted, given.get("action", "")):
            self.action, self._inside = given.get("action", ""), True
        elif (
            self._inside
            and tag == "input"
            and given.get("type") not in {"radio", "checkbox", "submit"}
            and "name" in given
        ):
            self.values.setdefault(given["name"], given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


class Visitor:
    """One browser session. Every page is the answer to a GET or to a form that page really had."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self.url, self.html = "", ""

    async def get(self, url: str) -> None:
        async with self._session.get(urljoin(self.url, url)) as answer:
            self.url, self.html = str(answer.url), await answer.text()

    async def submit(self, action: str, **fields: str) -> None:
        """Fill and send the form whose action matches; raises when the page has no such form."""
        form = Form(self.html, action)
        if form.action is None:
            raise LookupError(f"{self.url} has no form for {action}")
        to = urljoin(self.url, form.action) if form.action else self.url
        async with self._session.post(to, data=form.values | fields) as answer:
            self.url, self.html = str(answer.url), await answer.text()

    def title(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.html, re.DOTALL)
        return re.sub(r"<[^>]+>|\s+", " ", found[1]).strip() if found else ""


async def visit(stage: Stage, errand: str, person: Any) -> str:
    """Open the link, pass the guard, do the errand; returns the heading of the last page."""
    link = _LINK.search(person["text"])
    if link is None:
        return ""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        visitor = Visitor(session)
        await visitor.get(link[0])
        await visitor.submit(r"/l/[\w-]+$")
        await visitor.submit("/check", zip=person["zip"][:5])
        await ERRANDS[errand](visitor, stage.context.now().date())
        return visitor.title()


async def _plan(visitor: Visitor, today: date) -> None:
    first = today + timedelta(days=9)
    await visitor.get("/debts/1/plan")
    await visitor.submit("/plan/rhythm", frequency="monthly")
    await visitor.submit("/plan/amount", amount="other", other="120")
    await visitor.submit(
        "/plan/start",
        first="other",
        other_month=str(first.month),
        other_day=str(first.day),
        other_year=str(first.year),
    )
    await visitor.submit("/plan/check")


async def _dispute(visitor: Visitor, today: date) -> None:
    await visitor.get("/debts/1/dispute")
    await visitor.submit("/dispute", reason="wrong_amount", text="The fees were never part of the contract.")


async def _chat(visitor: Visitor, today: date) -> None:
    await visitor.get("/chat")
    await visitor.submit("/chat", text="what is this bill for?")


ERRANDS = {"plan": _plan, "dispute": _dispute, "chat": _chat}
