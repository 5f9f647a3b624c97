"""Endpoints: addresses of the creditor's that are told of events, signed as Standard Webhooks says."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Security
from pydantic import BaseModel, Field

from outreach.partners import delivery, endpoints
from outreach.partners.keys import Caller
from outreach.web import deps
from outreach.web.api import fields, problems
from outreach.web.api.events import EventId, EventType, number
from outreach.web.api.idempotency import KeyDep, Route, SessionDep
from outreach.web.api.keys import allowed

router = APIRouter(route_class=Route, tags=["endpoints"], prefix="/endpoints")

Owner = Annotated[Caller, Security(allowed, scopes=["endpoints:write"])]
_WRITES = problems.documented(400, 404, 409, 413)


class Wish(fields.Body):
    url: Annotated[fields.Line, Field(examples=["https://hooks.example.com/outreach"])]
    events: list[EventType] = Field([], max_length=50, description="none: every event")


class Endpoint(BaseModel):
    id: int
    url: str
    events: list[str]
    created_at: datetime
    waiting: int
    parked: int = Field(description="given up after three days; `replay` puts them back in line")
    failing_since: datetime | None
    delivered_at: datetime | None
    answer: str | None = Field(description="what the last attempt came to")


class Secret(BaseModel):
    id: int
    secret: str = Field(description="shown this once; base64 after `whsec_`")


class Made(Secret):
    url: str
    events: list[str]


class Endpoints(BaseModel):
    endpoints: list[Endpoint]


class Tried(BaseModel):
    event: str


class Wanted(fields.Body):
    after: EventId = "evt_0"


class Queued(BaseModel):
    queued: int


class Ended(BaseModel):
    id: int
    ended: bool


@router.post("", status_code=201, response_model=Made, responses=_WRITES, operation_id="addEndpoint")
async def add(context: deps.ContextDep, session: SessionDep, caller: Owner, _: KeyDep, body: Wish) -> Made:
    """Have an address told from now on. Keep the secret: it verifies every `webhook-signature`."""
    made, secret = await endpoints.add(
        session,
        now=context.now(),
        creditor_id=caller.creditor_id,
        url=body.url,
        types=[str(name) for name in body.events],
        actor=caller.actor,
        secret=context.key,
        plain_http=context.settings.development,
    )
    return Made(id=made, secret=secret, url=body.url, events=[str(name) for name in body.events])


@router.get("", response_model=Endpoints, responses=problems.documented(), operation_id="listEndpoints")
async def index(session: SessionDep, caller: Owner) -> Endpoints:
    """Your endpoints, and how they do."""
    found = await endpoints.every(session, creditor_id=caller.creditor_id)
    return Endpoints(endpoints=[Endpoint(**{**row, "events": row["events"].split()}) for row in found])


@router.delete("/{endpoint}", response_model=Ended, responses=_WRITES, operation_id="endEndpoint")
async def end(
    context: deps.ContextDep, session: SessionDep, caller: Owner, _: KeyDep, endpoint: fields.Number
) -> Ended:
    """Have an address told nothing more."""
    await endpoints.end(
        session, now=context.now(), endpoint_id=endpoint, actor=caller.actor, creditor_id=caller.creditor_id
    )
    return Ended(id=endpoint, ended=True)


@router.post("/{endpoint}/test", status_code=202, response_model=Tried, responses=_WRITES, operation_id="testEndpoint")
async def test(
    context: deps.ContextDep, session: SessionDep, caller: Owner, _: KeyDep, endpoint: fields.Number
) -> Tried:
    """Send it an `endpoint.test` within seconds; the list shows what came of it."""
    event = await endpoints.trial(session, now=context.now(), **_of(caller, endpoint))
    return Tried(event=delivery.name(event))


@router.post(
    "/{endpoint}/secret", status_code=201, response_model=Secret, responses=_WRITES, operation_id="changeSecret"
)
async def rotate(
    context: deps.ContextDep, session: SessionDep, caller: Owner, _: KeyDep, endpoint: fields.Number
) -> Secret:
    """Another secret. For a day both sign, so that you can change over."""
    secret = await endpoints.rotate(session, now=context.now(), secret=context.key, **_of(caller, endpoint))
    return Secret(id=endpoint, secret=secret)


@router.post(
    "/{endpoint}/replay", status_code=202, response_model=Queued, responses=_WRITES, operation_id="replayEvents"
)
async def replay(
    context: deps.ContextDep, session: SessionDep, caller: Owner, _: KeyDep, endpoint: fields.Number, body: Wanted
) -> Queued:
    """Have it told again what happened after an event, also what was parked."""
    queued = await endpoints.replay(session, now=context.now(), after=number(body.after), **_of(caller, endpoint))
    return Queued(queued=queued)


def _of(caller: Caller, endpoint: int) -> dict[str, Any]:
    return {"creditor_id": caller.creditor_id, "endpoint_id": endpoint, "actor": caller.actor}
