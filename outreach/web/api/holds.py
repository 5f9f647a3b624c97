"""Holds: contact stopped at the creditor's word (S64)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Security
from pydantic import BaseModel, Field

from outreach.partners import holds, instructions
from outreach.partners.keys import Caller
from outreach.web import deps
from outreach.web.api import fields, problems
from outreach.web.api.idempotency import KeyDep, Route, SessionDep
from outreach.web.api.keys import allowed

router = APIRouter(route_class=Route, tags=["holds"])

Writer = Annotated[Caller, Security(allowed, scopes=["holds:write"])]
HoldGround = StrEnum("HoldGround", {word.upper(): word for word in holds.GROUNDS})  # type: ignore[misc]


class Hold(BaseModel):
    id: int
    reason: str = Field(description="paused, or why the law or the house keeps silent")
    named: str = Field(description="the ground a system of yours gave; else the reason")
    since: datetime
    yours: bool = Field(description="you may lift it")


class Stop(fields.Body):
    ground: HoldGround
    note: fields.Words = Field("", description="for the people here")


class Lifted(BaseModel):
    id: int
    lifted: bool


@router.post(
    "/accounts/{ref:path}/holds",
    status_code=201,
    response_model=Hold,
    responses=problems.documented(400, 404, 409, 413),
    operation_id="placeHold",
)
async def place(
    context: deps.ContextDep, session: SessionDep, caller: Writer, _: KeyDep, ref: fields.AccountRef, body: Stop
) -> Hold:
    """Stop contact about an account. It has stopped when this answers: nothing is sent any more, also not what was queued.

    A ground of law (attorney, bankruptcy, death ...) holds for the person, and only the people here lift it.
    """
    account_id = await instructions.account_of(session, creditor_id=caller.creditor_id, ref=ref)
    placed = await holds.place(
        session,
        now=context.now(),
        account_id=account_id,
        ground=str(body.ground),
        actor=caller.actor,
        note=body.note,
    )
    return Hold(**placed)


@router.delete(
    "/accounts/{ref:path}/holds/{hold}",
    response_model=Lifted,
    responses=problems.documented(400, 404, 409, 413),
    operation_id="liftHold",
)
async def lift(
    context: deps.ContextDep,
    session: SessionDep,
    caller: Writer,
    _: KeyDep,
    ref: fields.AccountRef,
    hold: fields.Number,
    why: fields.Search = "",
) -> Lifted:
    """Let contact go on that you stopped. Whether and when anything is sent is still decided by the rules."""
    account_id = await instructions.account_of(session, creditor_id=caller.creditor_id, ref=ref)
    await holds.release(
        session,
        now=context.now(),
        account_id=account_id,
        hold_id=hold,
        actor=caller.actor,
        why=why or "the creditor lifted it",
    )
    return Lifted(id=hold, lifted=True)
