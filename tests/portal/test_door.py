"""The way in: what a stranger, a scanner, a wrong person and the right person meet."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import sqlalchemy as sa

from outreach import db, tokens
from outreach.context import Context
from outreach.messages import outbox
from tests.portal.conftest import Person, enter
from tests.portal.reader import Visitor

#: what may not be read before the guard is passed
DEBT_FACTS = (
    "612",
    "fairview",
    "debt",
    "owe",
    "collect",
    "balance",
    "deuda",
    "debe",
    "cobra",
    "dana",
    "holloway",
    "44",
)


async def count(context: Context, sql: str, **values: object) -> int:
    async with context.session() as session:
        return int(await session.scalar(sa.text(sql), values))


async def test_looking_at_a_link_changes_nothing(visitor: Visitor, dana: Person, context: Context) -> None:
    before = await count(context, "select count(*) from audit_entry")
    for method in ("GET", "HEAD"):
        answer = await visitor.http.request(method, dana.landing)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
    assert await count(context, "select count(*) from portal_session") == 0
    assert await count(context, "select count(*) from audit_entry") == before


async def test_no_page_before_the_guard_tells_a_fact_about_the_debt(visitor: Visitor, dana: Person) -> None:
    pages = [await visitor.go(dana.landing), await visitor.send(), await visitor.go("/not-me")]
    pages += [await visitor.go(path) for path in ("/", "/help", "/genuine", "/privacy", "/check/person")]
    for page in pages:
        body = page.text.replace("100 Harbor Way, Suite 400, Columbus, OH 43215", "").replace("43215", "").lower()
        found = [fact for fact in DEBT_FACTS if fact in body.replace("+1 614 555 0100", "")]
        assert not found, f"{page.title} says {found}"


INSIDE = ("/debts", "/debts/1", "/debts/1/pay", "/debts/1/plan", "/debts/1/dispute", "/debts/1/hardship", "/chat")


async def test_nothing_inside_opens_without_link_and_guard(visitor: Visitor, dana: Person) -> None:
    for path in INSIDE:
        await visitor.go(path)
        assert visitor.path == "/signed-out"
    await visitor.go(dana.landing)
    await visitor.send()
    for path in INSIDE:
        await visitor.go(path)
        assert visitor.path == "/check"


async def test_expired_revoked_and_invented_links_give_one_page(
    visitor: Visitor, dana: Person, marisol: Person, context: Context, now: datetime
) -> None:
    async with context.session() as session:
        await db.rows(
            session, "update link set expires_at = :t where debtor_id = :d returning id", t=now, d=dana.debtor_id
        )
        await db.rows(
            session, "update link set revoked_at = :t where debtor_id = :d returning id", t=now, d=marisol.debtor_id
        )
    bodies = set()
    for token in (dana.link, marisol.link, tokens.new_token()):
        answer = await visitor.http.get(f"/l/{token}")
        assert answer.status_code == 404
        bodies.add(answer.text.replace(token, "TOKEN"))
    assert len(bodies) == 1
    assert "Send me a new link" in bodies.pop()


RIGHT = ({"zip": "94110"}, {"zip": "94110-1234"}, {"born_month": "7", "born_day": "04", "born_year": "1985"})
WRONG = (
    {"zip": "94111"},
    {"zip": "x"},
    {"born_month": "7", "born_day": "5", "born_year": "1985"},
    {"born_month": "13", "born_day": "45", "born_year": "year"},
    {"zip": "94110", "born_month": "7", "born_day": "5", "born_year": "1985"},
)


async def test_zip_or_birth_date_opens(visitor: Visitor, dana: Person) -> None:
    for answers in RIGHT:
        await visitor.go(dana.landing)
        await visitor.send()
        assert visitor.path == "/check"
        page = await visitor.send(**answers)
        assert visitor.path == "/debts"
        assert "$612.40" in page.text
        assert "This communication is from a debt collector." in page.text


async def test_a_wrong_answer_never_says_which_was_wrong(visitor: Visitor, dana: Person, context: Context) -> None:
    for answers in WRONG:
        await visitor.go(dana.landing)
        await visitor.send()
        page = await visitor.send(**answers)
        assert visitor.status == 422
        assert page.title.startswith("Error: ")
        assert page.text.count("That does not match what we have. You can try 2 more times.") == 2
        for name, value in answers.items():
            assert page.form("/check").fields[name] == value, "what was typed is kept"
        context.clock.offset += timedelta(days=1, seconds=1)  # the tries of a day are over then


async def test_after_three_wrong_answers_a_person_takes_over(visitor: Visitor, dana: Person, context: Context) -> None:
    await visitor.go(dana.landing)
    await visitor.send()
    for _ in range(3):
        await visitor.send(zip="00000")
    assert visitor.path == "/check/person"
    await visitor.go("/check")
    assert visitor.path == "/check/person"
    assert await count(context, "select count(*) from cases where reason = 'verification_failed'") == 1


async def test_many_guesses_at_once_are_as_many_guesses(visitor: Visitor, dana: Person, context: Context) -> None:
    await visitor.go(dana.landing)
    await visitor.send()
    fields = visitor.page.form("/check").fields
    guesses = [visitor.http.post("/check", data={**fields, "zip": f"{n:05}"}) for n in range(12)]
    answers = await asyncio.gather(*guesses, visitor.http.post("/check", data={**fields, "zip": "00013"}))
    assert sum("try" in answer.text and answer.status_code == 422 for answer in answers) == 2
    assert await count(context, "select sum(failures) from portal_session") == 3


async def test_opening_the_link_again_gives_no_endless_tries(visitor: Visitor, dana: Person) -> None:
    for _ in range(2):
        await visitor.go(dana.landing)
        await visitor.send()
        for _ in range(3):
            await visitor.send(zip="00000")
    await visitor.go(dana.landing)
    await visitor.send()
    assert visitor.path == "/check/person"


async def test_the_session_is_stored_hashed_and_gets_a_new_token_at_the_guard(
    visitor: Visitor, dana: Person, context: Context
) -> None:
    await visitor.go(dana.landing)
    answer = await visitor.http.post(dana.landing, follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert answer.headers["location"] == "/check"
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    stranger = visitor.http.cookies["portal"]
    await visitor.go("/check")
    await visitor.send(zip="94110")
    assert visitor.http.cookies["portal"] != stranger
    async with context.session() as session:
        rows = await db.rows(session, "select token_hash from portal_session")
    assert [bytes(r["token_hash"]) for r in rows] == [tokens.digest(visitor.http.cookies["portal"])]


async def test_a_session_ends_after_thirty_idle_minutes(inside: Visitor, context: Context) -> None:
    context.clock.offset += timedelta(minutes=29)
    await inside.go("/debts")
    assert inside.path == "/debts"
    context.clock.offset += timedelta(minutes=31)
    await inside.go("/debts")
    assert inside.path == "/signed-out"


async def test_signing_out_ends_the_session_on_the_server(inside: Visitor) -> None:
    cookie = inside.http.cookies["portal"]
    await inside.send("/sign-out")
    assert inside.path == "/signed-out"
    inside.http.cookies.set("portal", cookie)
    await inside.go("/debts")
    assert inside.path == "/signed-out"


async def test_not_me_needs_a_choice_and_then_silences_the_address(
    visitor: Visitor, dana: Person, context: Context
) -> None:
    await visitor.go(f"{dana.landing}/not-me")
    page = await visitor.send()
    assert page.title.startswith("Error: ")
    assert await count(context, "select count(*) from hold") == 0
    await visitor.send(who="wrong")
    assert visitor.path == "/not-me/done"
    async with context.session() as session:
        point = await db.one(session, "select status from contact_point")
        hold = await db.one(session, "select reason, contact_point_id from hold")
    assert point == {"status": "wrong_party"}
    assert hold is not None
    assert hold["reason"] == "wrong_address"
    assert (await visitor.http.get(dana.landing)).status_code == 404


async def test_asking_for_a_new_link_says_the_same_to_everyone(
    visitor: Visitor, dana: Person, context: Context
) -> None:
    bodies = set()
    for contact in ("dana@example.com", "nobody@example.com", "+1 614 555 0199", "x"):
        await visitor.go("/")
        await visitor.send("/new-link", contact=contact)
        assert visitor.status == 200
        bodies.add(visitor.answer.text)
    assert len(bodies) == 1
    async with context.session() as session:
        sent = await db.rows(session, "select debtor_id, address, status from message where template = 'new_link'")
    assert sent == [{"debtor_id": dana.debtor_id, "address": "dana@example.com", "status": "queued"}]
    await visitor.go("/")
    page = await visitor.send("/new-link")
    assert page.title.startswith("Error: ")


async def test_a_message_is_checked_without_revealing_anything(visitor: Visitor, dana: Person) -> None:
    for host, answer in (
        ("http://127.0.0.1:8000", "Yes, this link is from us"),
        ("http://evil.example", "do not know"),
    ):
        await visitor.go("/genuine")
        page = await visitor.send(link=f"{host}{dana.landing}")
        assert answer in page.text
        assert "Dana" not in page.text


async def test_a_form_from_another_site_is_refused(visitor: Visitor, dana: Person, context: Context) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "", "origin": "https://evil.example"}):
        answer = await visitor.http.post(dana.landing, headers=headers)
        assert answer.status_code == 403
    assert await count(context, "select count(*) from portal_session") == 0


async def test_a_form_without_the_sessions_token_is_refused(inside: Visitor) -> None:
    answer = await inside.http.post("/sign-out", data={})
    assert answer.status_code == 403


async def test_one_click_unsubscribe_works_without_cookies_and_twice(
    visitor: Visitor, dana: Person, context: Context
) -> None:
    path = f"/u/{outbox.message_token(context.key, 'unsubscribe', dana.message_id)}"
    for _ in range(2):
        answer = await visitor.http.post(
            path,
            data={"List-Unsubscribe": "One-Click"},
            headers={"sec-fetch-site": "cross-site"},
            follow_redirects=False,
        )
        assert answer.status_code == 200
    async with context.session() as session:
        rows = await db.rows(session, "select medium, via from consent where kind = 'refusal'")
    assert rows == [{"medium": "email", "via": "one_click"}]


async def test_opening_the_unsubscribe_page_or_sending_it_blank_stops_nothing(
    visitor: Visitor, dana: Person, context: Context
) -> None:
    path = f"/u/{outbox.message_token(context.key, 'unsubscribe', dana.message_id)}"
    await visitor.go(path)
    page = await visitor.send()
    assert page.title.startswith("Error: ")
    assert await count(context, "select count(*) from consent") == 0
    assert (await visitor.http.get("/u/invented")).status_code == 404


async def test_two_debts_are_listed_and_another_persons_cannot_be_named(
    visitor: Visitor, dana: Person, marisol: Person
) -> None:
    await enter(visitor, marisol)
    assert visitor.page.lang == "es"
    assert "$480.55" in visitor.page.text
    assert "$1,300.00" in visitor.page.text
    await visitor.go("/debts/2")
    assert visitor.status == 200
    for beyond in ("/debts/3", "/debts/0", "/debts/999999"):
        await visitor.go(beyond)
        assert visitor.status == 404


async def test_the_language_switch_keeps_the_page(visitor: Visitor, dana: Person) -> None:
    await visitor.go(dana.landing)
    page = await visitor.send("/language", to="es")
    assert visitor.path == dana.landing
    assert page.lang == "es"
    answer = await visitor.http.post("/language", data={"to": "en", "back": "//evil.example"}, follow_redirects=False)
    assert answer.headers["location"] == "/"
