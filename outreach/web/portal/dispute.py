"""I don't agree: one short form for a dispute, for documents and for the first creditor. It stops collection at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.accounts.models import HoldReason
from outreach.cases import service as cases
from outreach.cases.models import Priority
from outreach.context import Context
from outreach.conversations import duties
from outreach.disputes import queries as dispute_queries
from outreach.disputes.models import DisputeKind
from outreach.messages import silence
from outreach.web import forms, pages, words
from outreach.web.deps import ContextDep, SessionDep
from outreach.web.portal import letters
from outreach.web.portal import session as portal_session
from outreach.web.portal.debts import AnswerableDep, DebtDep
from outreach.web.portal.queries import Debt

router = APIRouter(prefix="/debts/{number}/dispute")


@dataclass(frozen=True)
class Wish:
    """What a choice on the form means."""

    kind: DisputeKind = DisputeKind.DISPUTE
    reason: str | None = None


#: in the order of the model form: not mine, the amount, other, then what may be asked for (12 CFR 1006.34(c)(4))
WISHES: Mapping[str, Wish] = {
    "not_mine": Wish(reason="not_mine"),
    "wrong_amount": Wish(reason="wrong_amount"),
    "paid": Wish(reason="paid"),
    "unknown_debt": Wish(reason="unknown_debt"),
    "service_issue": Wish(reason="service_issue"),
    "insurance": Wish(reason="insurance"),
    "identity_theft": Wish(reason="identity_theft"),
    "other": Wish(reason="other"),
    "documents": Wish(kind=DisputeKind.VALIDATION),
    "original_creditor": Wish(kind=DisputeKind.ORIGINAL_CREDITOR),
}


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
    errors, file = await _read(request, debt, fields)
    if errors:
        return _page(request, debt, status=422, values=fields, errors=errors)
    text = fields.get("text", "")
    chosen = words.speaker(pages.language(request))(f"dispute.reason_{fields['reason']}")
    message_id = await letters.take(context, session, visit, subject=chosen, text=text, file=file)
    await _open(context, session, visit, debt, fields, message_id=message_id, new=bool(file or text))
    return pages.see(f"{debt.url}/dispute/done")


@router.get("/done")
async def done(
    request: Request, context: ContextDep, session: SessionDep, visit: portal_session.VisitDep, debt: DebtDep
) -> Response:
    if debt.asked_at is None:
        return pages.see(debt.url)
    by = (debt.asked_at + dispute_queries.ANSWER_WITHIN).date()
    return pages.render(request, "portal/dispute_done.html", debt=debt, by=by)


async def _read(request: Request, debt: Debt, fields: forms.Posted) -> tuple[dict[str, str], Any]:
    t = words.speaker(pages.language(request))
    errors: dict[str, str] = {}
    if fields.get("reason") not in WISHES:
        errors["reason"] = t("dispute.reason_missing")
    part = fields.cents("part")
    if fields.get("part") and (part is None or part > debt.balance_cents):
        errors["part"] = t("dispute.part_wrong")
    if fields.get("reason") == "other" and not fields.get("text"):
        errors["text"] = t("dispute.text_missing")
    try:
        return errors, await letters.attachment(fields.files.get("file"))
    except letters.UploadError as error:
        return {**errors, "file": t(f"dispute.{error.key}")}, None


async def _open(
    context: Context,
    session: AsyncSession,
    visit: portal_session.Visit,
    debt: Debt,
    fields: forms.Posted,
    *,
    message_id: Any,
    new: bool,
) -> None:
    now, actor, wish = context.now(), f"debtor:{visit.debtor_id}", WISHES[fields["reason"]]
    theft = wish.reason == "identity_theft"
    await duties.dispute_account(
        session,
        now=now,
        account_id=debt.account_id,
        kind=wish.kind,
        reason=wish.reason,
        amount_cents=fields.cents("part") if wish.reason == "wrong_amount" else None,
        via="portal",
        actor=actor,
        text=fields.get("text", ""),
        message_id=message_id,
        new_information=new,
        open_case=not theft,
    )
    if theft:
        await silence.hold(
            session,
            now=now,
            debtor_id=visit.debtor_id,
            reason=HoldReason.IDENTITY_THEFT,
            account_id=debt.account_id,
            actor=actor,
        )
        await cases.open(
            session,
            now=now,
            debtor_id=visit.debtor_id,
            account_id=debt.account_id,
            reason="identity_theft",
            priority=Priority.HIGH,
            actor=actor,
            message_id=message_id,
        )


def _page(request: Request, debt: Debt, **more: Any) -> Response:
    return pages.render(request, "portal/dispute.html", debt=debt, reasons=list(WISHES), **more)
