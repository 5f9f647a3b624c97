"""What the portal tells afterwards, by message: through the one door, never twice, and never in the way of the deed."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.context import Context
from outreach.messages import outbox
from outreach.messages.drafts import Draft
from outreach.plans import in_words
from outreach.web.portal.queries import Debt

_UNTOLD = """
select p.*, d.language from plan p join debtor d on d.id = p.debtor_id
where p.id = :id and not exists (
  select 1 from message m where m.debtor_id = p.debtor_id and m.purpose = 'plan_confirmation' and m.created_at >= p.agreed_at)
"""


async def plan_agreed(context: Context, session: AsyncSession, *, debt: Debt, plan_id: int) -> None:
    """The agreement's figures, on the channel the person prefers. A refusal by the gate is recorded there."""
    plan = await db.one(session, _UNTOLD, id=plan_id)
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
