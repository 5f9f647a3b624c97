"""What is this debt: its amount, who it is owed to, how it arose, rights, and five equal doors; how to pay it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException

from outreach.accounts.models import Relationship
from outreach.messages import phrases
from outreach.plans import queries as plan_queries
from outreach.plans.models import IN_FORCE, PlanStatus
from outreach.web import pages, words
from outreach.web.deps import ContextDep, SessionDep
from outreach.web.portal import queries
from outreach.web.portal import session as portal_session
from outreach.web.portal.queries import Debt

router = APIRouter()


async def mine(context: ContextDep, session: SessionDep, visit: portal_session.VisitDep) -> Sequence[Debt]:
    """The visitor's own debts: no address can name another person's."""
    return await queries.debts(session, debtor_id=visit.debtor_id, now=context.now())


async def one(number: int, debts: Annotated[Sequence[Debt], Depends(mine)]) -> Debt:
    """The debt at a place of the visitor's list, else 404."""
    if not 1 <= number <= len(debts):
        raise HTTPException(404)
    return debts[number - 1]


DebtsDep = Annotated[Sequence[Debt], Depends(mine)]
DebtDep = Annotated[Debt, Depends(one)]


def owed(debt: DebtDep) -> Debt:
    """A debt that may be paid or planned for now; others lead back to their page, which says why."""
    if debt.state != "open":
        raise pages.Elsewhere(debt.url)
    return debt


OwedDep = Annotated[Debt, Depends(owed)]


def answerable(debt: DebtDep) -> Debt:
    """A debt the person may still answer for: open, or under review."""
    if debt.state not in {"open", "review"}:
        raise pages.Elsewhere(debt.url)
    return debt


AnswerableDep = Annotated[Debt, Depends(answerable)]


@router.get("/debts")
async def home(
    request: Request, context: ContextDep, session: SessionDep, visit: portal_session.VisitDep, debts: DebtsDep
) -> Response:
    if len(debts) == 1:
        return await show(request, context, session, visit, debts[0])
    person = await queries.person(session, debtor_id=visit.debtor_id)
    total = sum(debt.balance_cents for debt in debts if debt.state == "open")
    return pages.render(
        request,
        "portal/debts.html",
        first_name=person["first_name"],
        debts=debts,
        total_cents=total,
        collector=any(debt.creditor_relationship != Relationship.FIRST_PARTY for debt in debts),
    )


@router.get("/debts/{number}")
async def show(
    request: Request, context: ContextDep, session: SessionDep, visit: portal_session.VisitDep, debt: DebtDep
) -> Response:
    now = context.now()
    today, spoken = visit.today(now), pages.language(request)
    entries = await queries.ledger(session, account_id=debt.account_id)
    return pages.render(
        request,
        "portal/debt.html",
        debt=debt,
        today=today,
        arose=_arose(debt, spoken),
        about=_about(debt, spoken),
        history=_history(entries, spoken),
        time_barred=debt.time_barred(today),
        has_plan=debt.plan_status in IN_FORCE,
        plan_in_review=debt.plan_status == PlanStatus.REVIEW,
        may_still_dispute=debt.validation_period_end is not None and today <= debt.validation_period_end,
        collector=debt.creditor_relationship != Relationship.FIRST_PARTY,
    )


@router.get("/debts/{number}/pay")
async def pay(
    request: Request, context: ContextDep, session: SessionDep, visit: portal_session.VisitDep, debt: OwedDep
) -> Response:
    """The creditor's own ways to pay: money goes to the creditor, never through a chat. On a plan, its next payment."""
    ways = {way: debt.payment_instructions.get(way) for way in ("online", "phone", "mail", "payable_to")}
    today = visit.today(context.now())
    return pages.render(
        request,
        "portal/pay.html",
        debt=debt,
        ways=ways,
        next=await _next_payment(session, debt),
        time_barred=debt.time_barred(today),
    )


async def _next_payment(session: AsyncSession, debt: Debt) -> Mapping[str, Any] | None:
    """The next part still due of a plan in force: what is left of it, and its day."""
    plan = await queries.plan(session, account_id=debt.account_id) if debt.plan_status in IN_FORCE else None
    found = await plan_queries.plan(session, plan_id=plan["id"]) if plan else None
    return found if found and found["next_date"] else None


def _arose(debt: Debt, spoken: str) -> list[tuple[str, str]]:
    """How the sum arose, without a blank: nothing is written as $0.00 (VAL-02)."""
    t = words.speaker(spoken)
    parts = {
        "principal": debt.principal_cents,
        "interest": debt.interest_cents,
        "fees": debt.fees_cents,
        "payments": -debt.payments_cents,
    }
    return [(t(f"debt.{part}"), phrases.money(cents)) for part, cents in parts.items()]


def _about(debt: Debt, spoken: str) -> list[tuple[str, str]]:
    """Question and answer, only of what is known."""
    t = words.speaker(spoken)
    days = {"opened": debt.opened_date, "since": debt.itemization_date, "last_payment": debt.last_payment_date}
    kind = f"debt.type_{debt.debt_type}"
    rows = [
        (t("debt.creditor"), debt.creditor),
        (t("debt.original_creditor"), debt.original_creditor),
        (t("debt.ref"), t("debt.ref_end", last4=debt.last4)),
        (t("debt.type"), t(kind) if kind in words.catalogue() else t("debt.type_other")),
        *((t(f"debt.{name}"), words.day(value, spoken) if value else "") for name, value in days.items()),
    ]
    return [(question, answer) for question, answer in rows if answer]


def _history(entries: Sequence[Mapping[str, Any]], spoken: str) -> list[tuple[str, str, str, str]]:
    """The running account with the balance after each line."""
    t, balance, rows = words.speaker(spoken), 0, []
    for entry in entries:
        balance += entry["amount_cents"]
        rows.append(
            (
                words.day(entry["at"].date(), spoken),
                t(f"debt.line_{entry['kind']}"),
                phrases.money(entry["amount_cents"]),
                phrases.money(balance),
            )
        )
    return rows
