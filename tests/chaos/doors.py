"""The doors a person, or a manager for them, says STOP at: each as the world outside would knock, on the running service."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import aiohttp

from channels.carrier.webhooks import Webhooks
from outreach import tokens
from outreach.cases import service as cases
from outreach.messages import outbox
from outreach.staff import service as staff
from outreach.web.portal import session as portal
from tests.chaos.world import World

#: the address of the manager
MANAGER = "ana@harbor.example"


class Doors:
    """`async with Doors(world) as doors:` while the world serves; then `doors.of(medium, n)`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._url = world.environment["PUBLIC_URL"]
        self._key = tokens.secret_key(world.context.settings)

    async def __aenter__(self) -> Doors:
        self._webhooks = Webhooks(self._world.carrier.values["twilio_auth_token"], retries=())
        self._http = self._client(aiohttp.DummyCookieJar())
        self._desk = self._client(aiohttp.CookieJar(unsafe=True))
        async with self._world.context.session() as session:
            now = self._world.now()
            await staff.add(session, now=now, email=MANAGER, role="case_manager", actor="system:chaos")
            token = await staff.link(session, now=now, email=MANAGER, actor="system:chaos")
        async with self._desk.post(f"/console/sign-in/{token}", allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(self._webhooks.close(), self._http.close(), self._desk.close())

    def _client(self, cookies: aiohttp.abc.AbstractCookieJar) -> aiohttp.ClientSession:
        """A line of its own for each knock: one kept open may be closed by the server just as it is used."""
        connector = aiohttp.TCPConnector(force_close=True)
        return aiohttp.ClientSession(self._url, cookie_jar=cookies, connector=connector)

    def of(self, medium: str, n: int) -> tuple[str, Callable[[Any], Awaitable[Callable[[], Awaitable[bool]]]]]:
        """A door that silences the medium, in turn: its name, and what makes ready a knock by the person of a message."""
        every = (
            {"text": self._text, "portal": self._portal, "manager": self._manager}
            if medium == "sms"
            else {"mail": self._mail, "one click": self._one_click}
        )
        return list(every.items())[n % len(every)]

    async def _text(self, message: Any) -> Callable[[], Awaitable[bool]]:
        values = self._world.carrier.values
        fields = {
            "MessageSid": f"SM{uuid4().hex}",
            "AccountSid": values["twilio_account_sid"],
            "MessagingServiceSid": values["twilio_messaging_service_sid"],
            "From": message["address"],
            "To": "+16145550100",
            "Body": "STOP",
            "NumMedia": "0",
        }

        async def knock() -> bool:
            return await self._webhooks.post(f"{self._url}/hooks/sms", fields) in {200, 204}

        return knock

    async def _mail(self, message: Any) -> Callable[[], Awaitable[bool]]:
        token = outbox.message_token(self._key, "reply", message["id"])

        async def knock() -> bool:
            to = f"reply+{token}@harbor.example"
            return await self._world.carrier.debtor_mails(from_=message["address"], to=to, text="STOP") == 250

        return knock

    async def _one_click(self, message: Any) -> Callable[[], Awaitable[bool]]:
        token = outbox.message_token(self._key, "unsubscribe", message["id"])
        return self._posts(self._http, f"/u/{token}", {"List-Unsubscribe": "One-Click"}, status=200)

    async def _portal(self, message: Any) -> Callable[[], Awaitable[bool]]:
        async with self._world.context.session() as session:
            cookie = await portal.open_session(
                session, now=self._world.now(), debtor_id=message["debtor_id"], link_id=0
            )
        fields = {"what": "sms", "form_token": tokens.sign(self._key, "portal form", cookie)}
        return self._posts(self._http, "/stop", fields, status=303, Cookie=f"{portal.COOKIE}={cookie}")

    async def _manager(self, message: Any) -> Callable[[], Awaitable[bool]]:
        async with self._world.context.session() as session:
            opened = await cases.open(
                session,
                now=self._world.now(),
                debtor_id=message["debtor_id"],
                reason="ask_human",
                actor="system:chaos",
            )
        fields = {"reason": "attorney", "note": "their attorney telephoned"}
        return self._posts(self._desk, f"/console/cases/{opened.id}/hold", fields, status=303)

    def _posts(
        self, client: aiohttp.ClientSession, path: str, fields: dict[str, str], *, status: int, **headers: str
    ) -> Callable[[], Awaitable[bool]]:
        async def knock() -> bool:
            async with client.post(path, data=fields, headers=headers, allow_redirects=False) as answer:
                await answer.read()
                return answer.status == status

        return knock
