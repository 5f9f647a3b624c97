"""I can't pay now: a short form, no figure demanded. Our messages pause at once, and a person answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from outreach.accounts.models import HoldReason
from outreach.cases import service as cases
from outreach.consents import service as consents
from outreach.messages import silence
from outreach.web import pages, words
from outreach.web.deps import ContextDep, SessionDep
from outreach.web.portal import letters, queries
from outreach.web.portal import session as portal_session
from outreach.web.portal.debts import AnswerableDep, DebtDep
from outreach.web.portal.queries import Debt

router = APIRouter(prefix="/debts/{number}/hardship")

REASONS = ("income", "health", "costs", "family", "disaster", "unsaid")
#: long enough to breathe; a person writes before it ends
PAUSE = timedelta(days=30)


@router.get("")
async def ask(request: Request, visit: portal_session.VisitDep, debt: AnswerableDep) -> Response:
    return _page(request, debt)


@router.post("")
async def take(
    request: Request,
    context: ContextDep,
    session: SessionDep,
    visit: portal_session.VisitDep,
    debt: AnswerableDep,
    fields: portal_session.FormDep,
) -> Response:
    t = words.speaker(pages.language(request))
    errors = {}
    if fields.get("reason") not in REASONS:
        errors["reason"] = t("hardship.reason_missing")
    if fields.get("amount") and fields.cents("amount") is None:
        errors["amount"] = t("hardship.amount_wrong")
    if errors:
        return _page(request, debt, status=422, values=fields, errors=errors)
    now, actor = context.now(), f"debtor:{visit.debtor_id}"
    text = fields.get("text", "")
    message_id = await letters.take(
        context, session, visit, subject=t(f"hardship.reason_{fields['reason']}"), text=text
    )
    if HoldReason.HARDSHIP not in debt.holds:
        await silence.hold(
            session,
            now=now,
            debtor_id=visit.debtor_id,
            account_id=debt.account_id,
            reason=HoldReason.HARDSHIP,
            actor=actor,
            until=now + PAUSE,
            facts={"reason": fields["reason"]},
        )
    # With a hardship on record a figure below the terms goes to a person, never to a counter-offer (dialog-spec 7.3).
    value = {"reason": fields["reason"], "amount_cents": fields.cents("amount")}
    await consents.prefer(session, now=now, debtor_id=visit.debtor_id, kind="hardship", value=value, via="portal")
    await cases.open(
        session,
        now=now,
        debtor_id=visit.debtor_id,
        account_id=debt.account_id,
        reason="hardship",
        actor=actor,
        message_id=message_id,
        summary={**value, "message": text[:1000]},
    )
    return pages.see(f"{debt.url}/hardship/done")


@router.get("/done")
async def done(
    request: Request, context: ContextDep, session: SessionDep, visit: portal_session.VisitDep, debt: DebtDep
) -> Response:
    pause = await queries.hold_until(session, account_id=debt.account_id, reason=HoldReason.HARDSHIP)
    if pause is None:
        return pages.see(debt.url)
    due = await queries.promised(session, debtor_id=visit.debtor_id, reason="hardship")
    return pages.render(request, "portal/hardship_done.html", debt=debt, until=pause, due_at=due, zone=visit.zone)


def _page(request: Request, debt: Debt, **more: Any) -> Response:
    return pages.render(request, "portal/hardship.html", debt=debt, reasons=REASONS, **more)
