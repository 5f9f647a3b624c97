"""Who asks: a Bearer token, known before anything of the request is read; and whether its scopes include the act."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer, SecurityScopes
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from outreach import db
from outreach.context import Context
from outreach.errors import OutreachError
from outreach.partners import keys
from outreach.partners.keys import Caller
from outreach.web import limits
from outreach.web.api import problems

#: open to whoever comes: the description of the doors
OPEN = "/openapi.json"
bearer = HTTPBearer(auto_error=False, description="A key made by `outreach keys add`, as `Authorization: Bearer ...`")


class ScopeMissingError(OutreachError):
    """This key's scopes do not include this."""

    status = 403


class Door:
    """In front of every route: 401 without a key in use, 429 for one that asks too often."""

    def __init__(self, app: ASGIApp, *, context: Context, counted: limits.Limits) -> None:
        self.app, self.context, self.counted = app, context, counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == scope.get("root_path", "") + OPEN:
            return await self.app(scope, receive, send)
        request = Request(scope)
        try:
            caller = await self._caller(request)
        except OutreachError as error:
            return await problems.of(error)(scope, receive, send)
        except db.OUTAGE:
            return await problems.answer(503, "The service cannot be reached right now. Try again.")(
                scope, receive, send
            )
        if caller is None:
            said = "Send a key in use as `Authorization: Bearer ...`. Your contact here makes one."
            refusal = problems.answer(401, said, headers={"WWW-Authenticate": "Bearer"})
            return await refusal(scope, receive, send)
        scope.setdefault("state", {})["caller"] = caller
        return await self.app(scope, receive, send)

    async def _caller(self, request: Request) -> Caller | None:
        """Guessing costs the guesser's address its turn; a key that asks too often waits, whatever its address."""
        scheme, _, token = Headers(scope=request.scope).get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        self.counted.check("dead_key", request)
        async with self.context.session() as session:
            caller = await keys.caller(session, now=self.context.now(), token=token.strip())
        if caller is None:
            self.counted.count("dead_key", request)
            return None
        self.counted.check("api", request, who=caller.actor)
        self.counted.count("api", request, who=caller.actor)
        return caller


async def allowed(request: Request, scopes: SecurityScopes, _: Annotated[object, Depends(bearer)] = None) -> Caller:
    """The caller, when its key has the route's scope: `Annotated[Caller, Security(keys.allowed, scopes=[...])]`."""
    caller: Caller = request.state.caller
    if missing := [scope for scope in scopes.scopes if scope not in caller.scopes]:
        raise ScopeMissingError(f"This key lacks the scope {missing[0]}. Use one that has it, or have one made.")
    return caller
