"""Payments the creditor received, and those taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, cast

from fastapi import APIRouter, Response, Security
from pydantic import BaseModel, Field

from outreach.partners import instructions
from outreach.partners.keys import Caller
from outreach.plans import following
from outreach.web import deps
from outreach.web.api import fields, problems
from outreach.web.api.idempotency import KeyDep, Route, SessionDep
from outreach.web.api.keys import allowed

router = APIRouter(route_class=Route, tags=["payments"])


class Payment(fields.Body):
    account_ref: fields.Reference
    amount_cents: Annotated[fields.Cents, Field(description="below nothing: an earlier payment is taken back")]
    paid_at: fields.Moment = Field(description="a day, or an instant with offset")
    reference: fields.Reference = Field(description="yours, once for each payment")
    method: Annotated[str, Field(pattern=r"^[a-z_]{0,30}$")] = ""
    currency: fields.Currency | None = Field(None, description="refused unless it is the account's")


class Recorded(BaseModel):
    id: int
    account_ref: str
    amount_cents: int
    balance_cents: int
    created: bool = Field(description="false: this reference was on file, and nothing changed")
    paid_in_full: bool
    reopened: bool
    plan: int | None = Field(description="the plan it went to")
    plan_status: str | None


@router.post(
    "/payments",
    status_code=201,
    response_model=Recorded,
    responses=problems.documented(400, 404, 409, 413, known=Recorded),
    operation_id="reportPayment",
)
async def report(
    response: Response,
    context: deps.ContextDep,
    session: SessionDep,
    caller: Annotated[Caller, Security(allowed, scopes=["payments:write"])],
    _: KeyDep,
    body: Payment,
) -> Recorded:
    """Report a payment, or its reversal. Plan, promises and what waits to be sent follow at once. 200: it was on file."""
    account_id = await instructions.account_of(
        session, creditor_id=caller.creditor_id, ref=body.account_ref, currency=body.currency
    )
    done = await following.apply_payment(
        session,
        now=context.now(),
        account_id=account_id,
        amount_cents=body.amount_cents,
        paid_at=cast("datetime", body.paid_at),  # a day became its noon
        reference=body.reference,
        actor=caller.actor,
        method=body.method,
        settings=context.settings,
    )
    response.status_code = 201 if done.payment.created else 200
    return Recorded(
        id=done.payment.id,
        account_ref=body.account_ref,
        amount_cents=body.amount_cents,
        balance_cents=done.payment.balance_cents,
        created=done.payment.created,
        paid_in_full=done.payment.paid_in_full,
        reopened=done.payment.reopened,
        plan=done.plan_id,
        plan_status=done.plan_status,
    )
