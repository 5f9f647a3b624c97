"""What the portal tells afterwards, by message: through the one door, never twice, and never in the way of the deed."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.context import Context
from outreach.messages import outbox
from outreach.messages.drafts import Draft
from outreach.plans import in_words
from outreach.web.portal.queries import Debt


async def plan_agreed(context: Context, session: AsyncSession, *, debt: Debt, plan_id: int | None) -> None:
    """The agreement's figures, on the channel the person prefers. A refusal by the gate is recorded there."""
    plan = await db.one(
        session,
        "select plan.id, amount_cents, frequency, first_date, count, last_cents, total_cents, d.language from plan"
        " join debtor d on d.id = plan.debtor_id where plan.id = :id"
        " and not exists (select 1 from message m where m.debtor_id = plan.debtor_id and m.purpose = 'plan_confirmation'"
        "   and m.content #>> '{values,plan_id}' = cast(plan.id as text))",
        id=plan_id,
    )
    if not plan:
        return
    draft = Draft(
        debtor_id=debt.debtor_id,
        channel="preferred",
        purpose="plan_confirmation",
        template="plan_confirmation",
        values=in_words.confirmation(plan, plan["language"]),
        account_ids=[debt.account_id],
    )
    await outbox.submit(session, draft, now=context.now(), settings=context.settings)
