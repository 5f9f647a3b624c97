"""Accounts as their creditor may see and move them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response, Security
from pydantic import BaseModel, Field, StringConstraints

from outreach.accounts.ledger import UnknownAccountError
from outreach.accounts.models import AccountStatus
from outreach.partners import instructions, queries
from outreach.partners.keys import Caller
from outreach.web import deps
from outreach.web.api import fields, problems
from outreach.web.api.holds import Hold
from outreach.web.api.idempotency import KeyDep, Route, SessionDep
from outreach.web.api.keys import allowed

router = APIRouter(route_class=Route, tags=["accounts"])

Reader = Annotated[Caller, Security(allowed, scopes=["accounts:read"])]
Writer = Annotated[Caller, Security(allowed, scopes=["accounts:write"])]


class Account(BaseModel):
    ref: str = Field(description="your reference of the debt")
    debtor_ref: str = Field(description="your reference of the person")
    status: AccountStatus
    currency: str
    balance_cents: int = Field(
        description="principal + interest + fees - payments; below nothing: a credit to give back"
    )
    principal_cents: int
    interest_cents: int
    fees_cents: int
    payments_cents: int
    last_payment_date: date | None
    created_at: datetime


class Plan(BaseModel):
    id: int
    status: str
    total_cents: int | None
    amount_cents: int | None
    frequency: str | None
    paid_cents: int
    next_date: date | None
    next_cents: int | None
    missed_count: int
    agreed_at: datetime | None


class Dispute(BaseModel):
    id: int
    kind: str
    reason: str | None
    status: str
    scope: str
    amount_cents: int | None = Field(description="what is disputed of it, where it is a part")
    received_at: datetime
    answer_by: date = Field(description="the day the person is promised an answer by")
    answered_at: datetime | None


class Whole(Account):
    holds: list[Hold]
    plan: Plan | None = Field(description="the arrangement in force")
    disputes: list[Dispute]


class Page(BaseModel):
    accounts: list[Account]
    next: str | None = Field(description="give it as `after` for the next page; null: this was the last")


class Recall(fields.Body):
    reason: fields.Words = Field("", description="for the people here")


class Recalled(BaseModel):
    ref: str
    status: AccountStatus
    changed: bool = Field(description="false: it was recalled before")


class Adjustment(fields.Body):
    component: Literal["principal", "interest", "fees"]
    amount_cents: Annotated[fields.Cents, Field(description="added to the balance; below nothing takes off")]
    reference: fields.Reference
    reason: Annotated[fields.Words, StringConstraints(min_length=1)]
    currency: fields.Currency | None = None


class Adjusted(BaseModel):
    ref: str
    status: AccountStatus
    balance_cents: int
    created: bool = Field(description="false: this reference was on file, and nothing changed")


@router.get("/accounts", response_model=Page, responses=problems.documented(), operation_id="listAccounts")
async def index(
    session: SessionDep,
    caller: Reader,
    after: fields.Search = "",
    status: AccountStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Page:
    """Your accounts in the order of their references."""
    found = await queries.accounts(
        session, creditor_id=caller.creditor_id, after=after, status=status and str(status), limit=limit
    )
    rows = [Account(**row) for row in found]
    return Page(accounts=rows, next=rows[-1].ref if len(rows) == limit else None)


@router.get(
    "/accounts/{ref:path}", response_model=Whole, responses=problems.documented(404), operation_id="readAccount"
)
async def read(context: deps.ContextDep, session: SessionDep, caller: Reader, ref: fields.AccountRef) -> Whole:
    """One account with what holds, the plan in force and the disputes. Nothing anyone said, nothing of other creditors."""
    found = await queries.account(session, now=context.now(), creditor_id=caller.creditor_id, ref=ref)
    if found is None:
        raise UnknownAccountError
    return Whole(**found)


@router.post(
    "/accounts/{ref:path}/recall",
    response_model=Recalled,
    responses=problems.documented(400, 404, 409, 413),
    operation_id="recallAccount",
)
async def recall(
    context: deps.ContextDep, session: SessionDep, caller: Writer, _: KeyDep, ref: fields.AccountRef, body: Recall
) -> Recalled:
    """Take an account back. When this answers, nothing about it is sent any more; its plan is over."""
    account_id = await instructions.account_of(session, creditor_id=caller.creditor_id, ref=ref)
    changed = await instructions.recall(
        session, now=context.now(), account_id=account_id, actor=caller.actor, why=body.reason
    )
    return Recalled(ref=ref, status=AccountStatus.RECALLED, changed=changed)


@router.post(
    "/accounts/{ref:path}/adjustments",
    status_code=201,
    response_model=Adjusted,
    responses=problems.documented(400, 404, 409, 413, known=Adjusted),
    operation_id="adjustAccount",
)
async def adjust(
    response: Response,
    context: deps.ContextDep,
    session: SessionDep,
    caller: Writer,
    _: KeyDep,
    ref: fields.AccountRef,
    body: Adjustment,
) -> Adjusted:
    """Correct a component of the balance. What waits to be sent with the old figure is withdrawn. 200: it was on file."""
    account_id = await instructions.account_of(session, creditor_id=caller.creditor_id, ref=ref, currency=body.currency)
    done = await instructions.adjust(
        session,
        now=context.now(),
        account_id=account_id,
        component=body.component,
        amount_cents=body.amount_cents,
        reference=body.reference,
        actor=caller.actor,
        why=body.reason,
    )
    response.status_code = 201 if done.created else 200
    return Adjusted(ref=ref, status=AccountStatus(done.status), balance_cents=done.balance_cents, created=done.created)
