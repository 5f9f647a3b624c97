"""The debtor's side of the local carrier: their phone and their mailbox, to read what arrived and type an answer.

Answers go to the carrier, which delivers them as carriers do: by signed webhook and by LMTP. Only while the carriers are on
loopback; anywhere else these addresses do not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

import aiohttp
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from outreach import db
from outreach.context import Context
from outreach.web import deps, pages, words

_ZONE = ZoneInfo("America/New_York")
_TIMEOUT = aiohttp.ClientTimeout(total=5)

_PEOPLE = """
select d.id, d.ref, d.first_name, d.last_name, d.language, d.state, max(p.address) filter (where p.kind = 'phone') as phone,
  max(p.address) filter (where p.kind = 'email') as email
from debtor d join contact_point p on p.debtor_id = d.id and p.status = 'current' where {where} group by d.id
"""


@dataclass(frozen=True, slots=True)
class Carrier:
    """The local carrier's control API."""

    url: str
    offset: timedelta

    async def get(self, path: str) -> Any:
        """JSON of one page of the carrier; None while it is away."""
        try:
            async with (
                aiohttp.ClientSession(timeout=_TIMEOUT) as client,
                client.get(f"{self.url}/carrier/{path}") as answer,
            ):
                return await answer.json() if answer.status == 200 else None
        except (aiohttp.ClientError, TimeoutError):
            return None

    async def post(self, path: str, **body: str) -> bool:
        """Whether the carrier took it."""
        try:
            async with (
                aiohttp.ClientSession(timeout=_TIMEOUT) as client,
                client.post(f"{self.url}/carrier/{path}", json=body) as answer,
            ):
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    def clock(self, text: str) -> str:
        """A moment of the carrier's on the service's clock."""
        local = (datetime.fromisoformat(text) + self.offset).astimezone(_ZONE)
        return f"{local:%b} {local.day}, {local.hour % 12 or 12}:{local:%M} {'pm' if local.hour >= 12 else 'am'}"


def carrier(context: deps.ContextDep) -> Carrier:
    """The carrier on loopback, or 404: elsewhere there is no sandbox."""
    settings = context.settings
    if not (settings.local_carrier and settings.twilio_base_url):
        raise HTTPException(404)
    return Carrier(settings.twilio_base_url.rstrip("/"), context.clock.offset)


CarrierDep = Annotated[Carrier, Depends(carrier)]
Text = Annotated[str, Form()]


def router() -> APIRouter:
    """The sandbox's pages."""
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route("/sandbox", people, methods=["GET"])
    routes.add_api_route("/sandbox/{debtor_id:int}", person, methods=["GET"])
    routes.add_api_route("/sandbox/{debtor_id:int}/text", text_back, methods=["POST"])
    routes.add_api_route("/sandbox/{debtor_id:int}/mail", mail_back, methods=["POST"])
    return routes


async def people(request: Request, context: deps.ContextDep, found: CarrierDep, q: str = "") -> Response:
    """Those who received something, the newest conversation of each in a line."""
    return _page(request, "sandbox/people.html", **await _list(context, found, q))


async def person(
    request: Request, context: deps.ContextDep, found: CarrierDep, debtor_id: int, mail: str = "", failed: str = ""
) -> Response:
    who = await _who(context, debtor_id)
    listed = {} if pages.is_fragment(request) else await _list(context, found, "")
    texts = await found.get(f"phones/{quote(who['phone'])}") if who["phone"] else []
    mails = await found.get(f"mailboxes/{quote(who['email'])}") if who["email"] else []
    opened = next((m for m in mails or [] if m["id"] == mail), (mails or [None])[-1])
    return _page(
        request,
        "sandbox/person.html",
        fragment="devices",
        who=who,
        texts=[t | {"clock": found.clock(t["at"])} for t in texts or []],
        mails=[m | {"clock": found.clock(m["at"])} for m in reversed(mails or [])],
        opened=opened | {"clock": found.clock(opened["at"]), "stop": _one_click(opened, context.settings.base_url)}
        if opened
        else None,
        away=texts is None or mails is None,
        failed=failed,
        **listed,
    )


async def text_back(context: deps.ContextDep, found: CarrierDep, debtor_id: int, body: Text = "") -> Response:
    who = await _who(context, debtor_id)
    took = bool(body.strip()) and await found.post(f"phones/{quote(who['phone'] or '')}", body=body[:1600])
    return pages.see(f"/sandbox/{debtor_id}" + ("" if took else "?failed=text"))


async def mail_back(
    context: deps.ContextDep, found: CarrierDep, debtor_id: int, text: Text = "", reply_to_id: Text = ""
) -> Response:
    who = await _who(context, debtor_id)
    took = bool(text.strip()) and await found.post(
        f"mailboxes/{quote(who['email'] or '')}", text=text[:20_000], reply_to_id=reply_to_id
    )
    return pages.see(f"/sandbox/{debtor_id}" + ("" if took else "?failed=mail"))


async def _who(context: Context, debtor_id: int) -> Mapping[str, Any]:
    async with context.session() as session:
        found = await db.one(session, _PEOPLE.format(where="d.id = :id"), id=debtor_id)
    if found is None:
        raise HTTPException(404)
    return found


async def _list(context: Context, found: Carrier, q: str) -> dict[str, Any]:
    """People with something on their phone or in their mailbox; with `q`, anyone of that name, number or mailbox."""
    phones = {row["phone"]: row for row in await found.get("phones") or []}
    mailboxes = {row["address"]: row for row in await found.get("mailboxes") or []}
    where = "p.address = any(:addresses)"
    values: dict[str, Any] = {"addresses": [*phones, *mailboxes][:2000]}
    if q.strip():
        where = "(lower(d.last_name) like :q or lower(d.first_name) like :q or p.address like :q or d.ref = :ref)"
        values = {"q": f"{q.strip().lower()}%", "ref": q.strip()}
    ids = f"d.id in (select d.id from debtor d join contact_point p on p.debtor_id = d.id where {where} limit 200)"
    async with context.session() as session:
        rows = await db.rows(
            session, _PEOPLE.format(where=ids) + " order by d.last_name, d.first_name limit 200", **values
        )
    return {
        "q": q,
        "people": [
            dict(row)
            | {
                "texts": phones.get(row["phone"], {}).get("messages", 0),
                "last": phones.get(row["phone"], {}).get("last", ""),
                "mails": mailboxes.get(row["email"], {}).get("mails", 0),
            }
            for row in rows
        ],
    }


def _one_click(mail: Mapping[str, Any], ours: str) -> str:
    """Our own one-click address in a mail (RFC 8058), as mail programs offer it in a button."""
    header = next((value for name, value in mail["headers"] if name.lower() == "list-unsubscribe"), "")
    urls = [part.strip(" <>") for part in header.split(",") if part.strip(" <>").startswith(f"{ours}/u/")]
    return urlsplit(urls[0]).path if urls else ""


def _page(request: Request, template: str, *, fragment: str = "", **values: Any) -> Response:
    return pages.render(request, template, fragment=fragment, lang="en", t=words.speaker("en"), **values)
