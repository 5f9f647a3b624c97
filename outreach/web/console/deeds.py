"""What a case settles: plans approved or countered, disputes answered, payments recorded."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.cases import queries as cases
from outreach.cases import record
from outreach.disputes import answers, sending
from outreach.disputes import queries as disputes
from outreach.plans import desk as plans
from outreach.plans import following
from outreach.plans import queries as plan_queries
from outreach.reports import person
from outreach.web.console import case, choices, forms, guard

router = APIRouter()

Text = Annotated[str, Form()]
PlanDesk = Annotated[guard.Desk, Depends(guard.at_desk("plans.propose"))]
ApproveDesk = Annotated[guard.Desk, Depends(guard.at_desk("plans.approve"))]
AnswerDesk = Annotated[guard.Desk, Depends(guard.at_desk("disputes.answer"))]
UpholdDesk = Annotated[guard.Desk, Depends(guard.at_desk("disputes.uphold"))]
PaymentDesk = Annotated[guard.Desk, Depends(guard.at_desk("payments.record"))]


class NotThisCaseError(record.CaseError):
    """This does not belong to the person of this case."""

    status = 404


@router.post("/console/cases/{case_id:int}/plans/{plan_id:int}/approve")
async def approve(desk: ApproveDesk, case_id: int, plan_id: int, why: Text = "") -> Response:
    async def do(session: AsyncSession, now: datetime) -> None:
        await _plan_of(session, case_id, plan_id)
        await plans.approve(
            session,
            now=now,
            settings=desk.context.settings,
            plan_id=plan_id,
            staff_id=desk.user.id,
            why=forms.written(why, what="Why", most=500),
        )

    return await case.attempt(desk, case_id, "plan", do, done="planned", values={"why": why})


@router.post("/console/cases/{case_id:int}/plans/{plan_id:int}/counter")
async def counter(
    desk: PlanDesk,
    case_id: int,
    plan_id: int,
    amount: Text = "",
    frequency: Text = "",
    first_date: Text = "",
    why: Text = "",
) -> Response:
    async def do(session: AsyncSession, now: datetime) -> None:
        await _plan_of(session, case_id, plan_id)
        await plans.counter(
            session,
            now=now,
            plan_id=plan_id,
            staff_id=desk.user.id,
            amount_cents=forms.cents(amount, what="Amount"),
            frequency=forms.chosen(frequency, [word for word, _ in choices.FREQUENCIES], what="Rhythm"),
            first_date=forms.day(first_date, what="First payment"),
            why=why.strip(),
        )

    typed = {"amount": amount, "frequency": frequency, "first_date": first_date, "why": why}
    return await case.attempt(desk, case_id, "plan", do, done="countered", values=typed)


@router.post("/console/cases/{case_id:int}/plans/{plan_id:int}/decline")
async def decline(desk: PlanDesk, case_id: int, plan_id: int, why: Text = "") -> Response:
    async def do(session: AsyncSession, now: datetime) -> None:
        await _plan_of(session, case_id, plan_id)
        await plans.decline(session, now=now, plan_id=plan_id, staff_id=desk.user.id, why=why)

    return await case.attempt(desk, case_id, "plan", do, done="declined", values={"why": why})


@router.post("/console/cases/{case_id:int}/disputes/{dispute_id:int}/answer")
async def answer(desk: AnswerDesk, case_id: int, dispute_id: int, method: Text = "", words: Text = "") -> Response:
    """Verification, or the original creditor's name, leaves here or left by post: the freeze ends when it has arrived."""

    async def do(session: AsyncSession, now: datetime) -> None:
        await _dispute_of(session, case_id, dispute_id)
        await sending.send(
            session,
            now=now,
            settings=desk.context.settings,
            dispute_id=dispute_id,
            method=forms.chosen(method, [word for word, _ in choices.ANSWERS], what="How it is sent"),
            words=forms.written(words, what="The answer"),
            staff_id=desk.user.id,
            case_id=case_id,
        )

    return await case.attempt(desk, case_id, "dispute", do, done="answered", values={"method": method, "words": words})


@router.post("/console/cases/{case_id:int}/disputes/{dispute_id:int}/arrived")
async def arrived(desk: AnswerDesk, case_id: int, dispute_id: int) -> Response:
    async def do(session: AsyncSession, now: datetime) -> None:
        await _dispute_of(session, case_id, dispute_id)
        await answers.delivered(session, now=now, dispute_id=dispute_id, actor=desk.user.actor)

    return await case.attempt(desk, case_id, "dispute", do, done="answered")


@router.post("/console/cases/{case_id:int}/disputes/{dispute_id:int}/uphold")
async def uphold(desk: UpholdDesk, case_id: int, dispute_id: int, why: Text = "", correct_to: Text = "") -> Response:
    async def do(session: AsyncSession, now: datetime) -> None:
        await _dispute_of(session, case_id, dispute_id)
        await answers.uphold(
            session,
            now=now,
            dispute_id=dispute_id,
            actor=desk.user.actor,
            why=forms.written(why, what="Why", most=500),
            correct_to_cents=forms.cents(correct_to, what="Corrected balance") if correct_to.strip() else None,
        )

    return await case.attempt(
        desk, case_id, "dispute", do, done="upheld", values={"why": why, "correct_to": correct_to}
    )


@router.post("/console/cases/{case_id:int}/payments")
async def pay(
    desk: PaymentDesk,
    case_id: int,
    account: Text = "",
    amount: Text = "",
    paid_on: Text = "",
    reference: Text = "",
    method: Text = "",
) -> Response:
    async def do(session: AsyncSession, now: datetime) -> None:
        account_id = forms.number(account, what="Debt")
        if account_id not in await _accounts_of(session, case_id):
            raise NotThisCaseError
        await following.apply_payment(
            session,
            now=now,
            account_id=account_id,
            amount_cents=forms.cents(amount, what="Amount"),
            paid_at=min(forms.moment(f"{paid_on}T12:00", what="Paid on"), now) if paid_on else now,
            reference=forms.written(reference, what="Reference", most=100),
            actor=desk.user.actor,
            method=method.strip()[:40],
            source="console",
        )

    typed = {"account": account, "amount": amount, "paid_on": paid_on, "reference": reference, "method": method}
    return await case.attempt(desk, case_id, "payment", do, done="paid", values=typed)


async def _person(session: AsyncSession, case_id: int) -> int:
    found = await cases.case(session, case_id=case_id)
    if found is None:
        raise record.UnknownCaseError
    return int(found["debtor_id"])


async def _plan_of(session: AsyncSession, case_id: int, plan_id: int) -> None:
    found = await plan_queries.plan(session, plan_id=plan_id)
    if found is None or found["debtor_id"] != await _person(session, case_id):
        raise NotThisCaseError


async def _dispute_of(session: AsyncSession, case_id: int, dispute_id: int) -> None:
    found = await disputes.dispute(session, dispute_id=dispute_id)
    if found is None or found["debtor_id"] != await _person(session, case_id):
        raise NotThisCaseError


async def _accounts_of(session: AsyncSession, case_id: int) -> set[int]:
    rows = await person.accounts(session, debtor_id=await _person(session, case_id))
    return {row["id"] for row in rows}
