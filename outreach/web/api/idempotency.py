"""One transaction a request: a write needs an `Idempotency-Key`, and its effect and its kept answer are committed together.

The answer leaves after the commit, so a 2xx is a promise kept; whatever else ends a request leaves nothing behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.context import Context
from outreach.errors import OutreachError
from outreach.partners import once
from outreach.partners.keys import Caller
from outreach.web import deps

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
PATTERN = r"^[\x21-\x7e]{1,200}$"
_READS = {"GET", "HEAD", "OPTIONS"}

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class KeyMissingError(OutreachError):
    """Send an Idempotency-Key of 1 to 200 visible ASCII characters with every write: the same again when you repeat it."""

    status = 400


class Route(APIRoute):
    """A route of the API."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        write = not (self.methods or set()) <= _READS

        async def within(request: Request) -> Response:
            context = deps.context(request)
            async with context.session() as session:
                request.state.session = session
                return await (_once(request, context, session, handle) if write else handle(request))

        return within


async def _once(request: Request, context: Context, session: AsyncSession, handle: Handler) -> Response:
    caller: Caller = request.state.caller
    key = request.headers.get(HEADER, "")
    if not re.match(PATTERN, key):
        raise KeyMissingError
    asked: dict[str, Any] = {
        "key_id": caller.key_id,
        "key": key,
        "request": once.fingerprint(
            request.method.encode(),
            request.scope.get("raw_path", request.url.path.encode()),
            request.scope["query_string"],
            await request.body(),
        ),
        "secret": context.key,
    }
    before = await once.begin(session, **asked)
    if before:
        return Response(before.body, before.status, {REPLAYED: "true"}, media_type="application/json")
    answer = await handle(request)
    if answer.status_code < 300:
        kept = once.Answer(answer.status_code, bytes(answer.body))
        await once.keep(session, now=context.now(), answer=kept, **asked)
    return answer


async def session(request: Request) -> AsyncSession:
    found: AsyncSession = request.state.session
    return found


async def key(
    idempotency_key: Annotated[
        str,
        Header(min_length=1, max_length=200, pattern=PATTERN, description="Yours; the same again when you repeat it"),
    ],
) -> str:
    return idempotency_key


SessionDep = Annotated[AsyncSession, Depends(session)]
#: on every write, so that the document says so
KeyDep = Annotated[str, Depends(key)]
