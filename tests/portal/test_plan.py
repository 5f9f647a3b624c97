"""Setting up a plan: the questions, the policy's answer, one agreement however often the button is pressed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import sqlalchemy as sa

from outreach import db
from outreach.context import Context
from tests.portal.conftest import Person, enter
from tests.portal.reader import Visitor

PLAN = "/debts/1/plan"


async def answer(who: Visitor, *, frequency: str = "monthly", amount: str = "60", first: str = "2026-04-01") -> None:
    await who.go(PLAN)
    await who.send(frequency=frequency)
    await who.go(f"{PLAN}/amount")
    await who.send(amount="other", other=amount)
    if who.path == f"{PLAN}/start":
        year, month, day = first.split("-")
        await who.send(first="other", other_month=month, other_day=day, other_year=year)


async def plans(context: Context) -> list[dict[str, object]]:
    async with context.session() as session:
        return [dict(row) for row in await db.rows(session, "select * from plan order by id")]


async def test_five_screens_lead_to_an_agreement_that_agrees_with_the_database(
    inside: Visitor, context: Context
) -> None:
    await answer(inside)
    assert inside.path == f"{PLAN}/check"
    page = inside.page
    assert "Nothing is agreed yet" in page.text
    assert "10 × $60.00, every month, then a last payment of $12.40" in page.text
    assert page.rows[1] == ["1", "April 1, 2026", "$60.00"]
    assert page.rows[11] == ["11", "February 1, 2027", "$12.40"]
    assert await plans(context) == []
    await inside.send()
    assert inside.path == f"{PLAN}/done"
    (plan,) = await plans(context)
    assert plan["status"] == "agreed"
    assert (plan["amount_cents"], plan["count"], plan["last_cents"], plan["total_cents"]) == (6000, 11, 1240, 61240)
    assert plan["agreed_via"] == "portal"
    assert f"P-{plan['id']}" in inside.page.text
    async with context.session() as session:
        parts = await db.rows(session, "select due_date, amount_cents from installment order by number")
        told = await db.one(
            session, "select content #>> '{values,schedule}' as said from message where purpose = 'plan_confirmation'"
        )
    assert sum(part["amount_cents"] for part in parts) == 61240
    assert told == {"said": "11 payments of $60.00, monthly, from April 1, 2026, the last $12.40"}
    text = await inside.http.get(f"{PLAN}/agreement.txt")
    assert text.text == plan["agreement"]
    assert "attachment" in text.headers["content-disposition"]


async def test_the_button_pressed_twice_is_one_plan(inside: Visitor, context: Context) -> None:
    await answer(inside)
    form = inside.page.form(f"{PLAN}/check")
    first, second = await asyncio.gather(*(inside.http.post(form.action, data=form.fields) for _ in range(2)))
    assert first.status_code == second.status_code == 200
    assert len(await plans(context)) == 1
    async with context.session() as session:
        told = await session.scalar(sa.text("select count(*) from message where purpose = 'plan_confirmation'"))
    assert told == 1


async def test_below_the_terms_the_nearest_plan_is_offered_and_taken(inside: Visitor, context: Context) -> None:
    await answer(inside, amount="20")
    assert inside.path == f"{PLAN}/nearest"
    assert "The terms for this account start at $50.00." in inside.page.text
    await inside.send(choice="nearest")
    assert inside.path == f"{PLAN}/start"
    await inside.send(first=inside.page.options["first"][0])
    await inside.send()
    (plan,) = await plans(context)
    assert (plan["status"], plan["amount_cents"]) == ("agreed", 5000)


async def test_below_the_terms_a_person_may_decide(inside: Visitor, context: Context) -> None:
    await answer(inside, amount="20")
    await inside.send(choice="person")
    await inside.send(first=inside.page.options["first"][0])
    assert "A person will read this" in inside.page.text
    await inside.send()
    assert inside.path == f"{PLAN}/asked"
    (plan,) = await plans(context)
    assert (plan["status"], plan["amount_cents"]) == ("review", 2000)
    async with context.session() as session:
        assert await session.scalar(sa.text("select reason from cases")) == "plan_exception"


ABSURD = ("", "sixty", "-5", "0", "1e9", "99999999999999999999", "612.41")


async def test_absurd_amounts_get_a_clear_answer_and_stay_typed(inside: Visitor) -> None:
    for value in ABSURD:
        await answer(inside, amount=value)
        assert inside.status == 422
        assert inside.page.title.startswith("Error: ")
        says = "That is more than you owe" if value == "612.41" else "Enter how much you can pay each time"
        assert says in inside.page.text
        assert inside.page.form(f"{PLAN}/amount").fields["other"] == value
        assert "#other" in inside.page.links


async def test_a_first_date_outside_the_terms_is_asked_again(inside: Visitor) -> None:
    for first in ("2026-03-10", "2026-06-01", "2026-02-30", "9999-99-99", "0000-01-01", f"{10**20}-01-01"):
        await answer(inside, first=first)
        assert inside.status == 422
        assert "The first payment must be from today to April 10, 2026" in inside.page.text


async def test_the_whole_balance_at_once_is_one_payment(inside: Visitor) -> None:
    await answer(inside, amount="612.40")
    assert inside.path == f"{PLAN}/check"
    assert "One payment of $612.40" in inside.page.text


async def test_changing_an_answer_returns_to_the_check_page(inside: Visitor) -> None:
    await answer(inside)
    await inside.go(f"{PLAN}/amount")
    assert inside.page.form(f"{PLAN}/amount").fields["other"] == "60.00"
    await inside.send(amount="other", other="75")
    assert inside.path == f"{PLAN}/check"
    await inside.go(f"{PLAN}/rhythm")
    await inside.send(frequency="weekly")
    assert inside.path == f"{PLAN}/amount", "another rhythm asks for the amount again"


async def test_the_preview_is_a_fragment_for_htmx_and_a_page_without_scripts(inside: Visitor) -> None:
    await inside.go(PLAN)
    await inside.send(frequency="biweekly")
    page = await inside.send(amount="other", other="62.40", update="1")
    assert inside.status == 200
    assert "9 × $62.40, every two weeks, then a last payment of $50.80" in page.text
    fields = page.form(f"{PLAN}/amount").fields | {"amount": "other", "other": "100"}
    part = await inside.http.post(f"{PLAN}/amount", data=fields, headers={"hx-request": "true"})
    assert "<html" not in part.text
    assert "6 × $100.00, every two weeks, then a last payment of $12.40" in part.text


async def test_a_balance_that_moved_shows_the_figures_again_instead_of_agreeing(
    inside: Visitor, dana: Person, context: Context
) -> None:
    await answer(inside)
    async with context.session() as session:
        await session.execute(
            sa.text("update account set payments_cents = payments_cents + 1240, balance_cents = balance_cents - 1240")
        )
    page = await inside.send()
    assert inside.status == 409
    assert "10 payments of $60.00" in page.text
    assert await plans(context) == []
    await inside.send()
    (plan,) = await plans(context)
    assert plan["total_cents"] == 60000


async def test_answers_outlive_the_session_by_half_an_hour(visitor: Visitor, dana: Person, context: Context) -> None:
    await enter(visitor, dana)
    await answer(visitor)
    context.clock.offset += timedelta(minutes=45)
    await visitor.go(f"{PLAN}/check")
    assert visitor.path == "/signed-out"
    await enter(visitor, dana)
    await visitor.go(f"{PLAN}/check")
    assert visitor.path == f"{PLAN}/check"
    assert "$60.00" in visitor.page.text


async def test_a_wish_begun_by_text_is_finished_here(inside: Visitor, dana: Person, context: Context) -> None:
    async with context.session() as session:
        await session.execute(
            sa.text(
                "insert into plan (account_id, debtor_id, status, amount_cents, frequency, proposed_via, proposed_at)"
                " values (:a, :d, 'collecting', 7500, 'biweekly', 'sms', now())"
            ),
            {"a": dana.account_ids[0], "d": dana.debtor_id},
        )
    await inside.go(f"{PLAN}/check")
    assert inside.path == f"{PLAN}/start"
    assert "$75.00, every two weeks" in inside.page.text


async def test_a_plan_is_moved_skipped_and_cancelled(inside: Visitor, context: Context) -> None:
    await answer(inside)
    await inside.send()
    await inside.go(PLAN)
    assert inside.path == f"{PLAN}/manage"
    assert "$60.00" in inside.page.text
    await inside.go(f"{PLAN}/move")
    await inside.send(to_month="5", to_day="1", to_year="2026")
    assert "Enter a day from today to April 11, 2026" in inside.page.text
    await inside.send(to_month="4", to_day="9", to_year="2026")
    assert "April 9, 2026" in inside.page.text
    await inside.go(f"{PLAN}/skip")
    await inside.send()
    assert "May 1, 2026" in inside.page.text
    await inside.go(f"{PLAN}/cancel")
    await inside.send()
    assert inside.path == f"{PLAN}/cancelled"
    (plan,) = await plans(context)
    assert plan["status"] == "cancelled"
    await inside.go(PLAN)
    assert inside.path == f"{PLAN}/rhythm"


async def test_a_plan_is_changed_by_answering_again_and_runs_on_until_then(inside: Visitor, context: Context) -> None:
    await answer(inside)
    await inside.send()
    await inside.go(f"{PLAN}/manage")
    await inside.send(f"{PLAN}/change")
    await inside.send(frequency="biweekly")
    await inside.send(amount="other", other="40")
    await inside.send(first=inside.page.options["first"][0])
    assert "This takes the place of your plan" in inside.page.text
    assert [plan["status"] for plan in await plans(context)] == ["agreed"]
    await inside.send()
    old, new = await plans(context)
    assert (old["status"], new["status"], new["frequency"], new["amount_cents"]) == (
        "cancelled",
        "agreed",
        "biweekly",
        4000,
    )
