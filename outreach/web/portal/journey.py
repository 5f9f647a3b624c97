"""Where somebody stands in setting up a plan: what they said so far, here or on another channel, and the next question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.context import Context
from outreach.money import policy
from outreach.plans.models import IN_FORCE, PlanStatus
from outreach.web import pages, words
from outreach.web.deps import ContextDep, SessionDep
from outreach.web.portal import plan_draft, queries
from outreach.web.portal import session as portal_session
from outreach.web.portal.debts import OwedDep
from outreach.web.portal.plan_draft import PlanDraft
from outreach.web.portal.queries import Debt


@dataclass(kw_only=True)
class Journey:
    """The questions of one visitor about one debt."""

    request: Request
    context: Context
    session: AsyncSession
    visit: portal_session.Visit
    debt: Debt
    now: datetime
    today: date
    draft: PlanDraft

    def t(self, key: str, **values: Any) -> str:
        return words.speaker(pages.language(self.request))(key, **values)

    def quote(self, draft: PlanDraft | None = None) -> policy.Quote | None:
        return plan_draft.quote(self.debt, draft or self.draft, today=self.today)

    async def keep(self, draft: PlanDraft | None) -> None:
        """Remember the answers; None forgets them."""
        await portal_session.keep(self.session, self.visit, _part(self.debt), draft.dump() if draft else None)
        self.draft = draft or PlanDraft()

    def onward(self) -> Response:
        return pages.see(f"{self.debt.url}/plan/{self.draft.next_step(self.quote())}")

    def page(self, step: str, *, preview: policy.Quote | None = None, back: str = "", **more: Any) -> Response:
        """A question's page, or its preview alone when HTMX asks."""
        return pages.render(
            self.request,
            f"portal/plan/{step}.html",
            fragment="preview",
            debt=self.debt,
            draft=self.draft,
            preview=preview,
            back=f"{self.debt.url}/plan/{back}" if back else self.debt.url,
            time_barred=self.debt.time_barred(self.today),
            **more,
        )


async def journey(
    request: Request, context: ContextDep, session: SessionDep, visit: portal_session.VisitDep, debt: OwedDep
) -> Journey:
    """A debt with a plan already leads to that plan, unless its owner asked to change it."""
    kept = visit.draft.get(_part(debt))
    draft = PlanDraft.load(kept) if kept else await _begun_elsewhere(session, debt)
    if debt.plan_status == PlanStatus.REVIEW or (debt.plan_status in IN_FORCE and not draft.replaces):
        raise pages.Elsewhere(f"{debt.url}/plan")
    now = context.now()
    return Journey(
        request=request,
        context=context,
        session=session,
        visit=visit,
        debt=debt,
        now=now,
        today=visit.today(now),
        draft=draft,
    )


JourneyDep = Annotated[Journey, Depends(journey)]


async def _begun_elsewhere(session: AsyncSession, debt: Debt) -> PlanDraft:
    """The state belongs to the person, not the channel: what was said by text is not asked again."""
    wish = await queries.wish(session, account_id=debt.account_id)
    return PlanDraft(**wish) if wish and wish["frequency"] in plan_draft.FREQUENCIES else PlanDraft()


async def change(session: AsyncSession, visit: portal_session.Visit, debt: Debt) -> None:
    """Ask the questions again for a plan that takes the place of the one in force; that one runs on until then."""
    await portal_session.keep(session, visit, _part(debt), PlanDraft(replaces=True).dump())


def _part(debt: Debt) -> str:
    return f"plan:{debt.account_id}"
