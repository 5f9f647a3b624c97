"""Set up a plan: one question a page, a live preview from the one policy, check your answers, agree once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response

from outreach import tokens
from outreach.messages import phrases
from outreach.money import policy
from outreach.plans import service as plans
from outreach.plans.models import IN_FORCE, PlanStatus
from outreach.web import pages, words
from outreach.web.portal import confirm, plan_draft
from outreach.web.portal import session as portal_session
from outreach.web.portal.debts import DebtDep
from outreach.web.portal.journey import Journey, JourneyDep

router = APIRouter(prefix="/debts/{number}/plan")


@router.get("")
async def begin(request: Request, visit: portal_session.VisitDep, debt: DebtDep) -> Response:
    """One address to keep: leads to the plan, to the word that a person looks at it, or to the first question."""
    if debt.plan_status in IN_FORCE or debt.plan_status == PlanStatus.COMPLETED:
        return pages.see(f"{debt.url}/plan/manage")
    if debt.state != "open":
        return pages.see(debt.url)
    return pages.see(f"{debt.url}/plan/{'asked' if debt.plan_status == PlanStatus.REVIEW else 'rhythm'}")


@router.get("/rhythm")
async def ask_rhythm(journey: JourneyDep) -> Response:
    return journey.page("rhythm", values={"frequency": journey.draft.frequency or ""})


@router.post("/rhythm")
async def take_rhythm(journey: JourneyDep, fields: portal_session.FormDep) -> Response:
    if fields.get("frequency") not in plan_draft.FREQUENCIES:
        return journey.page("rhythm", status=422, errors={"frequency": journey.t("plan.rhythm_missing")})
    await journey.keep(journey.draft.every(fields["frequency"]))
    return journey.onward()


@router.get("/amount")
async def ask_amount(journey: JourneyDep) -> Response:
    if journey.draft.frequency is None:
        return journey.onward()
    return _amount_page(journey, values=_amount_values(journey))


@router.post("/amount")
async def take_amount(journey: JourneyDep, fields: portal_session.FormDep) -> Response:
    """Continue, or only show the preview ("Update", or HTMX while they choose)."""
    if journey.draft.frequency is None:
        return journey.onward()
    other = fields.get("amount") == "other" or not fields.get("amount")
    cents = fields.cents("other") if other else fields.cents("amount")
    draft = replace(journey.draft, amount_cents=cents, insist=False)
    quote = journey.quote(draft)
    if fields.get("update") or pages.is_fragment(journey.request):
        return _amount_page(journey, values=fields, preview=quote)
    if cents is None:
        key = "plan.other_wrong" if fields.get("other") or fields.get("amount") == "other" else "plan.amount_missing"
        field = "other" if fields.get("amount") == "other" else "amount"
        return _amount_page(journey, values=fields, status=422, errors={field: journey.t(key)})
    if quote and quote.verdict is policy.Verdict.ABOVE_BALANCE:
        errors = {"other": journey.t("plan.above_balance", amount=phrases.money(journey.debt.balance_cents))}
        return _amount_page(journey, values={**fields, "amount": "other"}, status=422, errors=errors)
    await journey.keep(draft)
    return journey.onward()


def _amount_values(journey: Journey) -> dict[str, str]:
    cents = journey.draft.amount_cents
    if cents is None:
        return {}
    typed = f"{cents // 100}.{cents % 100:02d}"
    suggested = cents in plan_draft.amounts(journey.debt, journey.draft.frequency or "monthly")
    return {"amount": typed} if suggested else {"amount": "other", "other": typed}


def _amount_page(journey: Journey, **more: Any) -> Response:
    frequency = journey.draft.frequency or "monthly"
    suggestions = [
        (cents, journey.quote(replace(journey.draft, amount_cents=cents, first_date=None)))
        for cents in plan_draft.amounts(journey.debt, frequency)
    ]
    options = [(f"{c // 100}.{c % 100:02d}", c, q.count, q.last_cents) for c, q in suggestions if q is not None]
    more.setdefault("preview", journey.quote())
    return journey.page("amount", back="rhythm", options=options, **more)


@router.get("/nearest")
async def offer_nearest(journey: JourneyDep) -> Response:
    """Below the terms: the nearest plan that fits, or a person. Never a bare refusal (P7)."""
    quote = journey.quote()
    if quote is None or quote.verdict is not policy.Verdict.BELOW:
        return journey.onward()
    return journey.page("nearest", back="amount", preview=quote)


@router.post("/nearest")
async def take_nearest(journey: JourneyDep, fields: portal_session.FormDep) -> Response:
    quote = journey.quote()
    if quote is None or quote.verdict is not policy.Verdict.BELOW:
        return journey.onward()
    if fields.get("choice") not in {"nearest", "person"}:
        errors = {"choice": journey.t("plan.nearest_missing")}
        return journey.page("nearest", back="amount", preview=quote, status=422, errors=errors)
    insist = fields["choice"] == "person"
    amount = journey.draft.amount_cents if insist else quote.amount_cents
    await journey.keep(replace(journey.draft, amount_cents=amount, insist=insist))
    return journey.onward()


@router.get("/start")
async def ask_start(journey: JourneyDep) -> Response:
    if journey.quote() is None:
        return journey.onward()
    first = journey.draft.first_date
    values: dict[str, str] = {}
    if first in plan_draft.first_dates(journey.debt, journey.today):
        values = {"first": str(first)}
    elif first:
        values = {"first": "other", "other_year": str(first.year), "other_month": str(first.month)}
        values["other_day"] = str(first.day)
    return _start_page(journey, values=values)


@router.post("/start")
async def take_start(journey: JourneyDep, fields: portal_session.FormDep) -> Response:
    if journey.quote() is None:
        return journey.onward()
    first = _chosen_date(journey, fields)
    draft = replace(journey.draft, first_date=first)
    quote = journey.quote(draft)
    if fields.get("update") or pages.is_fragment(journey.request):
        return _start_page(journey, values=fields, preview=quote)
    latest = policy.latest_first_date(journey.today, plan_draft.terms_of(journey.debt))
    if first is None or not journey.today <= first <= latest:
        key = "plan.start_missing" if not fields.get("first") and first is None else "plan.start_wrong"
        field = "other_month" if fields.get("first") == "other" else "first"
        spoken = pages.language(journey.request)
        said = journey.t(key, latest=words.day(latest, spoken)) if key == "plan.start_wrong" else journey.t(key)
        return _start_page(journey, values=fields, status=422, errors={field: said})
    await journey.keep(draft)
    return journey.onward()


def _chosen_date(journey: Journey, fields: Any) -> date | None:
    if fields.get("first") in {"other", None, ""}:
        found: date | None = fields.date("other")
        return found
    chosen = {str(day): day for day in plan_draft.first_dates(journey.debt, journey.today)}
    return chosen.get(fields["first"])


def _start_page(journey: Journey, **more: Any) -> Response:
    latest = policy.latest_first_date(journey.today, plan_draft.terms_of(journey.debt))
    more.setdefault("preview", journey.quote())
    days = plan_draft.first_dates(journey.debt, journey.today)
    return journey.page("start", back="amount", days=days, latest=latest, **more)


@router.get("/check")
async def check(journey: JourneyDep) -> Response:
    """Every answer with its change link, the whole schedule, and the word that nothing is agreed yet."""
    quote = journey.quote()
    if journey.draft.next_step(quote) != "check" or quote is None:
        return journey.onward()
    if not journey.draft.form_token:
        await journey.keep(replace(journey.draft, form_token=tokens.new_token()))
    return journey.page("check", back="start", preview=quote, balance_now=journey.debt.balance_cents)


@router.post("/check")
async def agree(journey: JourneyDep, fields: portal_session.FormDep) -> Response:
    """The yes. The figures are those of the page they saw: a balance that moved meanwhile shows the page again."""
    quote = journey.quote()
    draft = journey.draft
    if draft.next_step(quote) != "check" or quote is None:
        return journey.onward()
    if fields.get("balance_now") != str(journey.debt.balance_cents) or fields.get("plan_token") != draft.form_token:
        return journey.page("check", back="start", preview=quote, balance_now=journey.debt.balance_cents, status=409)
    assert draft.frequency is not None, "the check page has every answer"
    assert draft.first_date is not None, "the check page has every answer"
    done = await plans.propose(
        journey.session,
        now=journey.now,
        settings=journey.context.settings,
        account_id=journey.debt.account_id,
        via="portal",
        actor=f"debtor:{journey.visit.debtor_id}",
        frequency=draft.frequency,
        first_date=draft.first_date,
        amount_cents=draft.amount_cents,
        form_token=draft.form_token,
        accepted=not draft.insist,
        insist=draft.insist,
        replace=draft.replaces,
    )
    await journey.keep(None)
    if done.status == PlanStatus.REVIEW:
        return pages.see(f"{journey.debt.url}/plan/asked")
    assert done.plan_id is not None, "inside the terms, on a date just checked"
    await confirm.plan_agreed(journey.context, journey.session, debt=journey.debt, plan_id=done.plan_id)
    return pages.see(f"{journey.debt.url}/plan/done")


@router.get("/asked")
async def asked(request: Request, visit: portal_session.VisitDep, debt: DebtDep) -> Response:
    if debt.plan_status != PlanStatus.REVIEW:
        return pages.see(f"{debt.url}/plan")
    return pages.render(request, "portal/plan/asked.html", debt=debt)
