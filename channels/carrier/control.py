"""A small JSON API under /carrier/: people's telephones and mailboxes, faults, where things go. For pages and tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from channels.carrier.faults import Faults
from channels.carrier.network import Network


class Control:
    def __init__(self, network: Network, *, about: Callable[[], dict[str, Any]]) -> None:
        self._network, self._about = network, about

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/carrier/", self.about),
            web.put("/carrier/", self.configure),
            web.get("/carrier/phones", self.phones),
            web.get("/carrier/phones/{address}", self.phone),
            web.post("/carrier/phones/{address}", self.write_text),
            web.get("/carrier/mailboxes", self.mailboxes),
            web.get("/carrier/mailboxes/{address}", self.mailbox),
            web.post("/carrier/mailboxes/{address}", self.write_mail),
            web.get("/carrier/faults", self.faults),
            web.put("/carrier/faults", self.set_faults),
            web.get("/carrier/ledger", self.ledger),
        ]

    async def about(self, request: web.Request) -> web.Response:
        return web.json_response(self._about())

    async def configure(self, request: web.Request) -> web.Response:
        """{"webhook_url"?, "lmtp"? ("host:port"), "stop_handling"?}: what is named changes."""
        given = await _json(request)
        if "webhook_url" in given:
            self._network.webhook_url = str(given["webhook_url"])
        if "lmtp" in given:
            self._network.lmtp = host_port(str(given["lmtp"]))
        if "stop_handling" in given:
            self._network.stop_handling = bool(given["stop_handling"])
        return await self.about(request)

    async def phones(self, request: web.Request) -> web.Response:
        found = self._network.texts.by_phone
        listed = [{"phone": phone, "messages": len(texts), "last": texts[-1].body} for phone, texts in found.items()]
        return web.json_response(listed)

    async def phone(self, request: web.Request) -> web.Response:
        """One person's telephone, oldest first; `mine` is what they wrote themselves."""
        texts = self._network.texts.by_phone.get(request.match_info["address"], [])
        return web.json_response(
            [t.resource() | {"at": t.created_at.isoformat(), "mine": t.direction == "inbound"} for t in texts]
        )

    async def write_text(self, request: web.Request) -> web.Response:
        """{"body", "to"?}: the person answers."""
        given = await _json(request)
        address, to = request.match_info["address"], str(given.get("to", ""))
        status = await self._network.debtor_texts(from_=address, body=str(given.get("body", "")), to=to)
        return web.json_response({"webhook_status": status})

    async def mailboxes(self, request: web.Request) -> web.Response:
        found = self._network.mailboxes.by_address
        return web.json_response([{"address": address, "mails": len(mails)} for address, mails in found.items()])

    async def mailbox(self, request: web.Request) -> web.Response:
        mails = self._network.mailboxes.by_address.get(request.match_info["address"].lower(), [])
        return web.json_response([mail.opened() for mail in mails])

    async def write_mail(self, request: web.Request) -> web.Response:
        """{"text", "reply_to_id"?} answers a mail, {"text", "to", "subject"} begins one."""
        given = await _json(request)
        answered = self._network.mailboxes.by_id.get(str(given.get("reply_to_id", "")))
        shown: dict[str, Any] = answered.opened() if answered else {}
        to = str(given.get("to") or shown.get("reply_to", ""))
        if not to:
            raise web.HTTPBadRequest(text="A mail needs `to`, or `reply_to_id` of a mail in this mailbox.")
        code = await self._network.debtor_mails(
            from_=request.match_info["address"],
            to=to,
            text=str(given.get("text", "")),
            subject=str(given.get("subject") or f"Re: {shown.get('subject', '')}"),
            in_reply_to=shown.get("message_id", ""),
        )
        return web.json_response({"lmtp_code": code})

    async def faults(self, request: web.Request) -> web.Response:
        return web.json_response(self._network.dice.faults.model_dump(mode="json"))

    async def set_faults(self, request: web.Request) -> web.Response:
        try:
            self._network.set_faults(Faults.model_validate(await _json(request)))
        except ValidationError as error:
            raise web.HTTPUnprocessableEntity(text=str(error)) from error
        return await self.faults(request)

    async def ledger(self, request: web.Request) -> web.Response:
        """Entries from `?since=N` on."""
        since = request.query.get("since", "0")
        entries = self._network.ledger.entries[int(since) if since.isdecimal() else 0 :]
        return web.json_response([asdict(entry) for entry in entries])


def host_port(text: str) -> tuple[str, int] | None:
    """ "127.0.0.1:2424" as a pair, "" as None. Raises ValueError for anything else."""
    if not text:
        return None
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError(f"{text!r} is not HOST:PORT.")
    return host, int(port)


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        given = await request.json()
    except ValueError as error:
        raise web.HTTPBadRequest(text="The body is not JSON.") from error
    if not isinstance(given, dict):
        raise web.HTTPBadRequest(text="The body is not a JSON object.")
    return given
