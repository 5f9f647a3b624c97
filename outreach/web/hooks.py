"""`POST /hooks/{channel}`: verify, parse, hand on, answer. No work is done here that could be done later."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect

from channels.contract import Channel, Forged, Hook, Inbound
from outreach import conversations
from outreach.context import Context
from outreach.messages import receipts
from outreach.web.deps import ContextDep, SessionDep

log = structlog.get_logger()

#: Providers' requests are small; a larger one is not theirs.
LARGEST = 1_000_000
#: An empty answer to Twilio: replies go through the outbox, never as TwiML (channel-facts 1.7).
TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


def router() -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.post("/hooks/{channel}")
    async def hook(channel: str, request: Request, context: ContextDep, session: SessionDep) -> Response:
        """403 forged, 400 unreadable, 404 no such channel, 413 too large; 2xx only after the commit."""
        adapter: Channel | None = context.channels.get(channel)
        if adapter is None:
            raise HTTPException(404, "There is no such channel here.")
        read = await _read(request, context)
        try:
            adapter.verify(read)
        except Forged as error:
            log.warning("hook_forged", channel=channel)
            raise HTTPException(403, "Not signed by the provider.") from error
        try:
            events = adapter.parse(read)
        except ValueError as error:
            raise HTTPException(400, "This request cannot be read.") from error
        heard = False
        for event in events:
            if isinstance(event, Inbound):
                heard = True
                await conversations.receive(session, event, context=context, channel=channel, now=context.now())
            else:
                await receipts.take(session, event, channel=channel, now=context.now())
        return Response(TWIML, media_type="text/xml") if heard else Response(status_code=204)

    return routes


async def _read(request: Request, context: Context) -> Hook:
    """The request as bytes and form. The URL is built from PUBLIC_URL, never from Host or forwarded headers."""
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                raise HTTPException(413, "Too large for a provider's request.")
    except ClientDisconnect as error:  # cut off half way: nothing is taken, the provider sends it again
        raise HTTPException(400, "The request was cut off.") from error
    request._body = body
    path = request.scope.get("raw_path", request.url.path.encode()).decode("latin-1")
    query = request.scope["query_string"].decode("latin-1")
    form: FormData | None = None
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        try:
            form = await request.form()
        except (MultiPartException, ValueError, HTTPException) as error:
            raise HTTPException(400, "This form cannot be read.") from error
    return Hook(
        method=request.method,
        url=f"{context.settings.base_url}{path}" + (f"?{query}" if query else ""),
        headers={k.lower(): v for k, v in request.headers.items()},
        body=body,
        form=form,
    )
