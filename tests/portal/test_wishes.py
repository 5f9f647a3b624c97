"""Dispute, hardship, stop, preferences, a person, the chat: each takes effect at once and says so."""

from __future__ import annotations

import pytest

from outreach import db
from outreach.context import Context
from tests.portal.conftest import Person, enter
from tests.portal.reader import Visitor


async def rows(context: Context, sql: str) -> list[dict[str, object]]:
    async with context.session() as session:
        return [dict(row) for row in await db.rows(session, sql)]


@pytest.mark.parametrize(
    ("reason", "kind"),
    [("not_mine", "dispute"), ("documents", "validation"), ("original_creditor", "original_creditor")],
)
async def test_not_agreeing_freezes_the_account_at_once(
    inside: Visitor, context: Context, reason: str, kind: str
) -> None:
    await inside.go("/debts/1/dispute")
    await inside.send(reason=reason, text="I never had this")
    assert inside.path == "/debts/1/dispute/done"
    assert await rows(context, "select kind, status, via, text from dispute") == [
        {"kind": kind, "status": "open", "via": "portal", "text": "I never had this"}
    ]
    assert len(await rows(context, "select 1 as one from hold where until is null")) == 1
    page = await inside.go("/debts/1")
    assert "We are looking into this account" in page.text
    assert "$612.40" not in page.text
    await inside.go("/debts/1/plan")
    assert inside.path == "/debts/1"


async def test_a_file_is_kept_with_the_dispute_and_only_kinds_that_do_not_run(
    inside: Visitor, context: Context
) -> None:
    await inside.go("/debts/1/dispute")
    await inside.send(reason="wrong_amount", part="62.40", files={"file": ("bill.exe", b"MZ", "application/pdf")})
    assert inside.page.title.startswith("Error: ")
    assert "Choose a photo, a PDF or a text file" in inside.page.text
    await inside.send(
        reason="wrong_amount", part="62.40", files={"file": ("../bill.pdf", b"%PDF-1.4", "application/pdf")}
    )
    assert inside.path == "/debts/1/dispute/done"
    assert await rows(context, "select name, size from attachment") == [{"name": "bill.pdf", "size": 8}]
    assert await rows(context, "select scope, amount_cents from dispute") == [{"scope": "part", "amount_cents": 6240}]


async def test_a_file_beyond_five_megabytes_is_refused_with_a_sentence(inside: Visitor, context: Context) -> None:
    await inside.go("/debts/1/dispute")
    big = b"x" * (5 * 1024 * 1024 + 1)
    await inside.send(reason="paid", files={"file": ("bill.pdf", big, "application/pdf")})
    assert "Choose a file of up to 5 MB" in inside.page.text
    assert await rows(context, "select 1 as one from dispute") == []


async def test_a_dispute_suspends_the_plan(inside: Visitor, context: Context) -> None:
    from tests.portal.test_plan import answer

    await answer(inside)
    await inside.send()
    await inside.go("/debts/1/dispute")
    await inside.send(reason="not_mine")
    assert await rows(context, "select status from plan") == [{"status": "suspended"}]
    assert await rows(context, "select reason from cases") == [{"reason": "dispute_on_plan"}]


async def test_hardship_pauses_messages_and_brings_a_person(inside: Visitor, context: Context) -> None:
    await inside.go("/debts/1/hardship")
    page = await inside.send()
    assert page.title.startswith("Error: ")
    page = await inside.send(reason="income", amount="20", text="I lost my job")
    assert "Until April 10, 2026 we send no reminders" in page.text
    assert "988" in page.text
    assert await rows(context, "select reason from hold") == [{"reason": "hardship"}]
    assert await rows(context, "select reason from cases") == [{"reason": "hardship"}]
    await inside.go("/debts/1/hardship")
    await inside.send(reason="income")
    assert len(await rows(context, "select 1 as one from hold")) == 1


async def test_words_in_a_form_are_read_for_safety(inside: Visitor, context: Context) -> None:
    await inside.go("/debts/1/hardship")
    await inside.send(reason="unsaid", text="I filed for bankruptcy last month")
    found = {row["reason"] for row in await rows(context, "select reason from hold")}
    assert {"bankruptcy", "hardship"} <= found
    page = await inside.go("/debts/1")
    assert "A person from our team looks after this account" in page.text
    assert "$" not in page.text


@pytest.mark.parametrize(
    ("what", "medium", "scope"),
    [("sms", "sms", "medium"), ("email", "email", "medium"), ("all", None, "all_electronic")],
)
async def test_stop_works_before_the_guard_and_at_once(
    visitor: Visitor, dana: Person, context: Context, what: str, medium: str | None, scope: str
) -> None:
    await visitor.go(dana.landing)
    await visitor.send()
    await visitor.go("/stop")
    await visitor.send(what=what)
    assert visitor.path == f"/stop/done/{what}"
    assert await rows(context, "select kind, medium, scope, via from consent") == [
        {"kind": "refusal", "medium": medium, "scope": scope, "via": "portal"}
    ]


async def test_all_contact_stops_with_a_hold_and_a_person_reads_it(inside: Visitor, context: Context) -> None:
    await inside.go("/stop")
    await inside.send(what="cease")
    assert await rows(context, "select reason from hold where until is null") == [{"reason": "cease"}]
    assert await rows(context, "select reason from cases") == [{"reason": "cease"}]
    page = await inside.go("/debts/1")
    assert "We do not write to you, as you asked" in page.text


async def test_a_stranger_reads_how_to_stop(visitor: Visitor) -> None:
    page = await visitor.go("/stop")
    assert "Reply STOP to a text from us." in page.text


async def test_preferences_are_kept_and_said_back(inside: Visitor, context: Context) -> None:
    await inside.go("/preferences")
    assert "We may use texts or emails." in inside.page.text
    form = inside.page.form("/preferences")
    data = {
        **form.fields,
        "channel": "email",
        "hours": "morning",
        "days": ["sat", "sun"],
        "work": "yes",
        "language": "es",
    }
    answer = await inside.http.post("/preferences", data=data)
    assert answer.url.path == "/preferences"
    assert "Le escribimos por correo electrónico. Solo de 8 a. m. a mediodía." in answer.text
    found = await rows(context, "select kind, value from preference order by kind")
    assert found == [
        {"kind": "channel", "value": {"channel": "email"}},
        {"kind": "language", "value": {"language": "es"}},
        {"kind": "place", "value": {"place": "not_work"}},
        {"kind": "quiet_window", "value": {"window": "", "days": "sat,sun"}},
        {"kind": "time_window", "value": {"window": "08:00-12:00", "days": ""}},
    ]
    assert await rows(context, "select language from debtor") == [{"language": "es"}]


async def test_a_note_for_a_person_gets_a_promise(inside: Visitor, context: Context) -> None:
    await inside.go("/person")
    page = await inside.send("/person", text="Call me after 5")
    assert "You get an answer by March 12, 2026, 10:30 a.m." in page.text
    assert await rows(context, "select reason, status from cases") == [{"reason": "ask_human", "status": "open"}]


async def test_the_chat_takes_a_message_once_and_shows_it(inside: Visitor, context: Context) -> None:
    page = await inside.go("/chat")
    assert "I am an automated assistant" in page.text
    form = page.form("/chat", field="text")
    data = {**form.fields, "text": "What do I owe? <b>"}
    for _ in range(2):
        await inside.http.post("/chat", data=data)
    page = await inside.go("/chat")
    assert "What do I owe? <b>" in page.text
    heard = await rows(context, "select channel, purpose, text from message where direction = 'in'")
    assert heard == [{"channel": "web", "purpose": "reply", "text": "What do I owe? <b>"}]
    part = await inside.http.get("/chat", headers={"hx-request": "true"})
    assert "<html" not in part.text
    assert "What do I owe? &lt;b&gt;" in part.text


async def test_a_stop_in_the_chat_is_heard(inside: Visitor, context: Context) -> None:
    await inside.go("/chat")
    await inside.send(field="text", text="stop contacting me, all of it")
    found = {row["reason"] for row in await rows(context, "select reason from hold")}
    refused = await rows(context, "select kind from consent where kind = 'refusal'")
    assert "cease" in found or refused


async def test_paid_and_recalled_accounts_ask_for_nothing(visitor: Visitor, marisol: Person, context: Context) -> None:
    async with context.session() as session:
        await db.rows(
            session, "update account set status = 'recalled' where id = :i returning id", i=marisol.account_ids[1]
        )
    await enter(visitor, marisol)
    page = await visitor.go("/debts/2")
    assert "Esta cuenta volvió a Lakeside Credit Union" in page.text
    assert "$1,300.00" not in page.text
    await visitor.go("/debts/2/pay")
    assert visitor.path == "/debts/2"


async def test_a_choice_is_shown_in_words_and_read_for_nothing_more(inside: Visitor, context: Context) -> None:
    await inside.go("/debts/1/hardship")
    await inside.send(reason="health")
    assert await rows(context, "select reason from hold") == [{"reason": "hardship"}]
    page = await inside.go("/chat")
    assert "I am ill, or someone close is" in page.text


async def test_what_was_stopped_can_be_allowed_again(inside: Visitor, context: Context) -> None:
    await inside.go("/stop")
    await inside.send(what="all")
    page = await inside.go("/preferences")
    assert "Stopped, as you asked" in page.text
    await inside.send("/stop/again", medium="email")
    assert "Stopped, as you asked Text messages" in inside.page.text
    assert "Emails" not in inside.page.text
    found = await rows(context, "select kind, scope, medium from consent order by id")
    assert found[-1] == {"kind": "grant", "scope": "medium", "medium": "email"}
