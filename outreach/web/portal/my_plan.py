"""A plan in force, as its owner sees it: confirmation, next payment, paid so far, the agreement; move, skip, cancel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from outreach.messages import phrases
from outreach.plans import changes
from outreach.plans import queries as plan_queries
from outreach.plans.models import PlanStatus
from outreach.web import pages, words
from outreach.web.deps import ContextDep, SessionDep
from outreach.web.portal import journey, queries
from outreach.web.portal import session as portal_session
from outreach.web.portal.debts import DebtDep
from outreach.web.portal.queries import Debt

router = APIRouter(prefix="/debts/{number}/plan")


@dataclass(frozen=True, kw_only=True)
class MyPlan:
    debt: Debt
    plan: Mapping[str, Any]
    parts: Sequence[Mapping[str, Any]]

    @property
    def next(self) -> Mapping[str, Any] | None:
        """The next payment still due, while the plan runs."""
        if self.plan["status"] not in (PlanStatus.AGREED, PlanStatus.ACTIVE, PlanStatus.BROKEN):
            return None
        return next((part for part in self.parts if part["paid_cents"] < part["amount_cents"]), None)

    @property
    def may_change(self) -> bool:
        return self.plan["status"] in (PlanStatus.AGREED, PlanStatus.ACTIVE)

    @property
    def url(self) -> str:
        return f"{self.debt.url}/plan"

    @property
    def reference(self) -> str:
        return f"P-{self.plan['id']}"

    def latest_move(self) -> date:
        assert self.next is not None, "only a plan with a payment due is moved"
        due: date = self.next["due_date"]
        return due + timedelta(days=changes.MOVE_DAYS)


async def agreed(session: SessionDep, debt: DebtDep) -> MyPlan:
    """The plan of a debt that is or was in force; without one, the plan's front door."""
    found = await queries.plan(session, account_id=debt.account_id)
    if not found:
        raise pages.Elsewhere(f"{debt.url}/plan")
    return MyPlan(debt=debt, plan=found, parts=await plan_queries.parts(session, plan_id=found["id"]))


def changeable(mine: Annotated[MyPlan, Depends(agreed)]) -> MyPlan:
    if not mine.may_change or mine.next is None:
        raise pages.Elsewhere(f"{mine.url}/manage")
    return mine


AgreedDep = Annotated[MyPlan, Depends(agreed)]
ChangeableDep = Annotated[MyPlan, Depends(changeable)]


def _page(request: Request, name: str, mine: MyPlan, **more: Any) -> Response:
    return pages.render(
        request,
        f"portal/plan/{name}.html",
        debt=mine.debt,
        plan=mine.plan,
        next=mine.next,
        reference=mine.reference,
        **more,
    )


@router.get("/done")
async def done(request: Request, visit: portal_session.VisitDep, mine: AgreedDep) -> Response:
    if mine.next is None:
        return pages.see(f"{mine.url}/manage")
    return _page(request, "done", mine)


@router.get("/manage")
async def manage(request: Request, visit: portal_session.VisitDep, mine: AgreedDep, changed: str = "") -> Response:
    spoken = pages.language(request)
    rows = [
        (
            part["number"],
            words.day(part["due_date"], spoken),
            phrases.money(part["amount_cents"]),
            phrases.money(part["paid_cents"]),
        )
        for part in mine.parts
    ]
    paid = sum(part["paid_cents"] for part in mine.parts)
    upcoming = mine.next
    movable = mine.may_change and upcoming is not None and upcoming["moved_from"] is None
    skippable = mine.may_change and mine.plan["skips_used"] < changes.SKIPS and upcoming is not None
    return _page(
        request,
        "manage",
        mine,
        rows=rows,
        paid_cents=paid,
        may_move=movable,
        may_skip=skippable,
        changed=bool(changed),
    )


@router.get("/agreement")
async def agreement(request: Request, visit: portal_session.VisitDep, mine: AgreedDep) -> Response:
    return _page(request, "agreement", mine)


@router.get("/agreement.txt")
async def agreement_text(visit: portal_session.VisitDep, mine: AgreedDep) -> Response:
    """Byte for byte the text whose hash both copies carry."""
    return Response(
        mine.plan["agreement"],
        media_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="agreement-{mine.reference}.txt"'},
    )


@router.get("/move")
async def ask_move(request: Request, visit: portal_session.VisitDep, mine: ChangeableDep) -> Response:
    return _page(request, "move", mine, latest=mine.latest_move())


@router.post("/move")
async def move(
    request: Request,
    context: ContextDep,
    session: SessionDep,
    visit: portal_session.VisitDep,
    mine: ChangeableDep,
    fields: portal_session.FormDep,
) -> Response:
    wanted = fields.date("to")
    try:
        if wanted is None or mine.next is None:
            raise changes.MoveRefusedError
        await changes.move_payment(
            session,
            now=context.now(),
            plan_id=mine.plan["id"],
            old_date=mine.next["due_date"],
            new_date=wanted,
            actor=f"debtor:{visit.debtor_id}",
        )
    except changes.MoveRefusedError:
        spoken, latest = pages.language(request), mine.latest_move()
        errors = {"to_month": words.speaker(spoken)("plan.move_wrong", latest=words.day(latest, spoken))}
        return _page(request, "move", mine, latest=latest, status=422, values=fields, errors=errors)
    return pages.see(f"{mine.url}/manage?changed=1")


@router.get("/skip")
async def ask_skip(request: Request, visit: portal_session.VisitDep, mine: ChangeableDep) -> Response:
    if mine.plan["skips_used"] >= changes.SKIPS:
        return pages.see(f"{mine.url}/manage")
    return _page(request, "skip", mine)


@router.post("/skip")
async def skip(
    context: ContextDep,
    session: SessionDep,
    visit: portal_session.VisitDep,
    mine: ChangeableDep,
    fields: portal_session.FormDep,
) -> Response:
    assert mine.next is not None, "changeable plans have a next payment"
    await changes.skip_payment(
        session,
        now=context.now(),
        plan_id=mine.plan["id"],
        due_date=mine.next["due_date"],
        actor=f"debtor:{visit.debtor_id}",
    )
    return pages.see(f"{mine.url}/manage?changed=1")


@router.post("/change")
async def change(
    session: SessionDep, visit: portal_session.VisitDep, mine: ChangeableDep, fields: portal_session.FormDep
) -> Response:
    await journey.change(session, visit, mine.debt)
    return pages.see(f"{mine.url}/rhythm")


@router.get("/cancel")
async def ask_cancel(request: Request, visit: portal_session.VisitDep, mine: AgreedDep) -> Response:
    return _page(request, "cancel", mine)


@router.post("/cancel")
async def cancel(
    context: ContextDep,
    session: SessionDep,
    visit: portal_session.VisitDep,
    debt: DebtDep,
    fields: portal_session.FormDep,
) -> Response:
    """Twice is once: without a plan there is nothing to cancel any more."""
    await changes.cancel(
        session,
        now=context.now(),
        account_id=debt.account_id,
        actor=f"debtor:{visit.debtor_id}",
        why="cancelled in the portal",
    )
    return pages.see(f"{debt.url}/plan/cancelled")


@router.get("/cancelled")
async def cancelled(request: Request, visit: portal_session.VisitDep, debt: DebtDep) -> Response:
    return pages.render(request, "portal/plan/cancelled.html", debt=debt)
