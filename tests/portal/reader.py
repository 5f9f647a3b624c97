"""A browser without scripts, for tests: follows redirects, keeps cookies, fills forms by name, reads pages as parsed."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx2


@dataclass
class Form:
    action: str = ""
    method: str = "get"
    fields: dict[str, Any] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)
    multipart: bool = False


class Page(HTMLParser):
    """What a person meets: title, headings, words, links, forms."""

    VOID = {"input", "meta", "link", "br", "img", "hr", "path", "circle", "rect"}

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.lang = self.title = ""
        self.words: list[str] = []
        self.links: dict[str, str] = {}
        self.forms: list[Form] = []
        self.ids: set[str] = set()
        self.headings: list[str] = []
        self.options: dict[str, list[str]] = {}
        self.rows: list[list[str]] = []
        self._open: list[str] = []
        self._form: Form | None = None
        self._area = self._link = ""
        self.feed(html)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def form(self, action: str = "", *, field: str = "") -> Form:
        """The form with this action, or with this field."""
        for found in self.forms:
            if (action and found.action == action) or (field and field in found.fields):
                return found
        raise AssertionError(f"no form {action or field!r} on “{self.title}”, only {[f.action for f in self.forms]}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {k: v or "" for k, v in attrs}
        if tag not in self.VOID:
            self._open.append(tag)
        if "id" in a:
            assert a["id"] not in self.ids, f"id {a['id']} stands twice on {self.title}"
            self.ids.add(a["id"])
        if tag == "html":
            self.lang = a.get("lang", "")
        elif tag == "a":
            self._link = a.get("href", "")
            self.links[self._link] = ""
        elif tag == "form":
            self._form = Form(
                a.get("action", ""), a.get("method", "get"), multipart="multipart" in a.get("enctype", "")
            )
            self.forms.append(self._form)
        elif tag in {"h1", "h2", "h3"}:
            self.headings.append("")
        elif tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")
        elif tag == "button" and self._form:
            self._form.buttons.append(a.get("name", ""))
        elif tag == "textarea" and self._form:
            self._area = a["name"]
            self._form.fields[self._area] = ""
        elif tag == "input" and self._form and a.get("name"):
            self._input(a)

    def _input(self, a: dict[str, str]) -> None:
        assert self._form is not None
        name, kind = a["name"], a.get("type", "text")
        if kind in {"radio", "checkbox"}:
            self.options.setdefault(name, []).append(a.get("value", ""))
            self._form.fields.setdefault(name, [])
            if "checked" in a:
                self._form.fields[name].append(a.get("value", ""))
        elif kind != "file":
            self._form.fields[name] = a.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = ""
        elif tag == "a":
            self._link = ""

    def handle_data(self, data: str) -> None:
        if "title" in self._open and "svg" not in self._open:
            self.title += data.strip()
            return
        if "script" in self._open:
            return
        if self._area and self._form:
            self._form.fields[self._area] += data
        if self._link:
            self.links[self._link] += data
        if self._open and self._open[-1] in {"h1", "h2", "h3"} and self.headings:
            self.headings[-1] += data
        if any(cell in self._open for cell in ("td", "th")) and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip()
        if data.strip():
            self.words.append(data.strip())


class Visitor:
    """One person at one browser. Keeps the last page in `page`, its status in `status`, its address in `path`."""

    def __init__(self, app: Any, *, language: str = "en") -> None:
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=True)
        self.http = httpx2.AsyncClient(
            transport=transport,
            base_url="http://testserver",
            follow_redirects=True,
            headers={"accept-language": language, "sec-fetch-site": "same-origin"},
        )
        self.page = Page("<html></html>")
        self.status, self.path = 0, ""

    async def go(self, path: str, **more: Any) -> Page:
        return self._keep(await self.http.get(path, **more))

    async def send(self, action: str = "", *, field: str = "", files: Any = None, **values: str) -> Page:
        """Fill the form with this action (default: the one that posts to this page) and send it."""
        form = self.page.form(action or ("" if field else self.path), field=field)
        unknown = set(values) - set(form.fields) - set(form.buttons)
        assert not unknown, f"{self.path} has no field {unknown}; it has {sorted(form.fields)}"
        data = {**form.fields, **values}
        return self._keep(await self.http.post(form.action, data=data, files=files))

    def _keep(self, answer: Any) -> Page:
        self.answer = answer
        self.status, self.path = answer.status_code, answer.url.path
        self.page = Page(answer.text if "html" in answer.headers.get("content-type", "") else "<html></html>")
        return self.page
