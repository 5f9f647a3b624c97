"""Events: what happened to the creditor's accounts, in order, to be read again for 90 days."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Security
from pydantic import BaseModel, Field

from outreach.partners import delivery, events
from outreach.partners.keys import Caller
from outreach.web.api import problems
from outreach.web.api.idempotency import Route, SessionDep
from outreach.web.api.keys import allowed

router = APIRouter(route_class=Route, tags=["events"])

EventType = StrEnum("EventType", {name.replace(".", "_").upper(): name for name in events.TYPES})  # type: ignore[misc]
EventId = Annotated[str, Field(pattern=r"^evt_[0-9]{1,18}$")]


class Event(BaseModel):
    id: str = Field(description="also the `webhook-id`: the same however often it is told")
    type: str = Field(json_schema_extra={"enum": [*events.TYPES, events.TRIAL]})
    timestamp: datetime
    data: dict[str, Any] = Field(description="references, amounts and words of this interface; nothing anyone said")


class Page(BaseModel):
    events: list[Event]
    next: str = Field(description="give it as `after`, now or later")


@router.get("/events", response_model=Page, responses=problems.documented(), operation_id="listEvents")
async def index(
    session: SessionDep,
    caller: Annotated[Caller, Security(allowed, scopes=["events:read"])],
    after: Annotated[EventId, Query()] = "evt_0",
    types: Annotated[list[EventType], Query(max_length=50)] = [],  # noqa: B006  # FastAPI copies it
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Page:
    """What happened after an event. Follow `next` for ever: nothing appears behind it."""
    found = await events.feed(
        session, creditor_id=caller.creditor_id, after=number(after), types=[str(t) for t in types], limit=limit
    )
    told = [delivery.told(row) for row in found]
    return Page(events=[Event(**event) for event in told], next=told[-1]["id"] if told else after)


def number(event: str) -> int:
    """An event's place in the order, from its id."""
    return int(event.removeprefix("evt_"))
