"""The chat with the assistant behind it: a question in the portal is answered in the portal."""

from __future__ import annotations

from outreach import db
from outreach.context import Context
from outreach.conversations import answer, engine
from tests.portal.conftest import Person, enter
from tests.portal.reader import Visitor


async def test_the_assistant_answers_in_the_chat_with_the_figure_of_the_page(
    inside: Visitor, dana: Person, context: Context
) -> None:
    context.dialog = engine.load(context.settings)
    await inside.go("/chat")
    await inside.send(field="text", text="how much do I owe?")
    await answer.answer(context, debtor_id=dana.debtor_id)
    page = await inside.go("/chat")
    assert "$612.40" in page.text
    assert "Automated assistant · chat" in page.text
    async with context.session() as session:
        rows = await db.rows(
            session, "select channel, status from message where direction = 'out' and purpose = 'reply'"
        )
    assert rows, "an answer is a message like every other"
    assert {row["channel"] for row in rows} == {"web"}


async def test_an_offer_for_the_second_debt_is_filed_under_the_second_debt(
    visitor: Visitor, marisol: Person, context: Context
) -> None:
    context.dialog = engine.load(context.settings)
    await enter(visitor, marisol)
    await visitor.go("/chat")
    await visitor.send(field="text", text="would you take $300 to settle the account ending 4411?")
    await answer.answer(context, debtor_id=marisol.debtor_id)
    async with context.session() as session:
        filed = await db.rows(session, "select reason, account_id from cases")
    assert [dict(case) for case in filed] == [{"reason": "settlement", "account_id": marisol.account_ids[1]}]
