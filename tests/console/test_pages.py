"""The other pages: person, evidence, switches, strangers, colleagues, campaigns, reports."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from outreach import db
from outreach.campaigns import definition
from outreach.campaigns import service as campaigns
from outreach.messages import lanes
from outreach.staff import service as staff
from tests.console import cast


def said(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


async def rows(context, sql: str, **values):
    async with context.session() as session:
        return await db.rows(session, sql, **values)


#: who opens it, where, and a few words that must stand there
PAGES = [
    ("ana", "/console/queue?view=unassigned", ["Unassigned", "Claim"]),
    ("ana", "/console/queue?view=snoozed", ["Nothing here"]),
    ("ana", "/console/unrouted", ["From people we do not know"]),
    ("ana", "/console/rules", ["TIME-01", "12 CFR 1006.6(b)(1)(i)", "opening hour", "What changed", "nyc contacts"]),
    ("lee", "/console/reports", ["Daily activity", "$2,449.60", "on 4 debts"]),
    ("lee", "/console/campaigns", ["No campaign yet"]),
    ("cora", "/console/audit", ["links sealed", "staff.added"]),
    ("cora", "/console/decisions", ["No decision matches"]),
    ("cora", "/console/cases/1", ["Dana Holloway"]),
    ("ada", "/console/users", ["Ana Diaz", "Administrators see no case content"]),
]


class TestEachPage:
    @pytest.mark.parametrize(("nick", "path", "expected"), PAGES, ids=[p[1] for p in PAGES])
    async def test_shows_what_it_is_for(self, enter, nick, path, expected):
        client = await enter(nick)
        answer = await client.get(path)
        assert answer.status_code == 200
        for words in expected:
            assert words in said(answer.text)


class TestTheRules:
    async def test_decide_a_case_somebody_wrote(self, enter):
        client = await enter("cora")
        form = (await client.get("/console/rules")).text
        written = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", form, re.DOTALL)[1])
        answer = await client.post("/console/rules", data={"written": written})
        assert answer.status_code == 200
        assert "It is outside contact hours in America/Chicago" in said(answer.text)

    async def test_name_what_is_wrong_with_a_file(self, enter):
        client = await enter("cora")
        answer = await client.post("/console/rules", data={"written": "cases: 7"})
        assert answer.status_code == 422
        assert "the file has no list of cases" in said(answer.text)


class TestAPerson:
    async def test_is_masked_until_a_purpose_is_given(self, enter, context, office):
        ana, dana = await enter("ana"), office["people"][0]["debtor"]
        masked = await ana.get(f"/console/debtors/{dana}")
        assert "+14155550142" not in masked.text
        refused = await ana.post(f"/console/debtors/{dana}/reveal", data={"purpose": "curiosity"})
        assert refused.status_code == 422
        assert "+14155550142" not in refused.text
        shown = await ana.post(f"/console/debtors/{dana}/reveal", data={"purpose": "identify"})
        assert "+14155550142" in shown.text
        trail = await rows(context, "select why from audit_entry where action = 'view.details'")
        assert [entry["why"] for entry in trail] == ["identify"]

    async def test_has_a_notice_that_came_back(self, enter, context, office):
        """Told once, with day and reason, on the trail; collection waits from then on."""
        async with context.session() as session:
            await session.execute(sa.text("update creditor set relationship = 'third_party'"))
        ana, dana = await enter("ana"), office["people"][0]
        page, told = f"/console/debtors/{dana['debtor']}", {"day": "2026-03-09", "why": "returned by the post office"}
        assert "CV-07" not in (await ana.get(page)).text
        act = f"{page}/notices/{dana['account']}/returned"
        for wrong, status in (
            ({"day": ""}, 422),
            ({"why": " "}, 422),
            ({"day": "2025-01-01"}, 409),
            ({"day": "2027-01-01"}, 409),
        ):
            assert (await ana.post(act, data=told | wrong)).status_code == status
        other = office["people"][1]["debtor"]
        assert (await ana.post(act.replace(page, f"/console/debtors/{other}"), data=told)).status_code == 409
        assert (await ana.post(act, data=told)).status_code == 303
        after = await ana.get(page)
        assert "came back" in said(after.text)
        assert "CV-07" in after.text
        assert (await ana.post(act, data=told)).status_code == 409
        trail = await rows(context, "select actor, why, subject from audit_entry where action = 'notice.returned'")
        assert [(e["why"], e["subject"]) for e in trail] == [(told["why"], f"account:{dana['account']}")]
        (person,) = await rows(context, "select epoch from debtor where id = :id", id=dana["debtor"])
        assert person["epoch"] == 1

    @pytest.mark.parametrize("text", ["Holloway", "dana holl", "(415) 555-0142", "dana@Example.com", "D-1", "Dana"])
    async def test_is_found_and_the_search_is_written_down(self, enter, context, text):
        ana = await enter("ana")
        found = await ana.post("/console/search", data={"q": text})
        assert "Dana Holloway" in said(found.text)
        trail = await rows(context, "select subject from audit_entry where action = 'view.search'")
        assert trail[0]["subject"] == text

    @pytest.mark.parametrize("text", ["%", "_", "'; --", "zzz", "", "\\", "0" * 300])
    async def test_is_not_found_by_tricks(self, enter, text):
        ana = await enter("ana")
        found = await ana.post("/console/search", data={"q": text})
        assert found.status_code == 200
        assert "Holloway" not in found.text


class TestACreditorsUser:
    async def test_sees_the_ageing_of_their_own_accounts_and_nothing_else(self, enter, context):
        async with context.session() as session:
            other = await cast.creditor(session, now=context.now(), name="Another Lender")
            await staff.add(
                session,
                now=context.now(),
                email="carl@example.com",
                role="creditor",
                creditor_id=other,
                actor="system:test",
            )
        carl = await enter("carl")
        assert (await carl.get("/console")).headers["location"] == "/console/reports"
        page = said((await carl.get("/console/reports?creditor=Fairview+Medical+Group")).text)
        assert "on 0 debts" in page
        assert "Fairview" not in page
        assert "Daily activity" not in page
        for path in ("queue", "cases/1", "debtors/1", "audit", "campaigns", "users"):
            assert (await carl.get(f"/console/{path}")).status_code == 403


class TestEvidence:
    async def test_of_a_message_opens_to_rules_and_facts(self, enter, context, office):
        lee = await enter("lee")
        url = f"/console/cases/{office['cases'][3]}"
        await lee.post(f"{url}/claim")
        await lee.post(f"{url}/reply", data={"text": "Hello", "seen": "9", "anyway": "yes"})
        message = (await rows(context, "select id from message where status = 'denied'"))[0]["id"]
        page = await lee.get(f"/console/messages/{message}")
        assert "A lawyer represents the consumer" in said(page.text)
        assert "it never left" in said(page.text)
        decision = re.search(r"/console/decisions/(\d+)", page.text).group(0)
        facts = said((await lee.get(decision)).text)
        assert '"holds"' in facts
        assert "Rule set" in facts


class TestStrangers:
    @pytest.fixture
    async def stranger(self, context):
        async with context.session() as session:
            return await cast.insert(
                session,
                "unrouted_inbound",
                channel="sms",
                provider_id="SM1",
                sender="+12125550199",
                recipient="+14155550100",
                text="this is dana, new number",
                at=context.now(),
            )

    async def test_words_are_given_to_a_person(self, enter, context, office, stranger):
        ana = await enter("ana")
        unclear = await ana.post(f"/console/unrouted/{stranger}/assign", data={"person": "nobody at all"})
        assert unclear.status_code == 422
        answer = await ana.post(f"/console/unrouted/{stranger}/assign", data={"person": "D-1"})
        assert answer.headers["location"] == f"/console/debtors/{office['people'][0]['debtor']}"
        heard = await rows(context, "select debtor_id from message where text like '%new number%'")
        assert heard == [{"debtor_id": office["people"][0]["debtor"]}]
        assert (await ana.post(f"/console/unrouted/{stranger}/assign", data={"person": "D-1"})).status_code == 409

    async def test_words_are_dismissed_with_a_reason(self, enter, context, stranger):
        ana = await enter("ana")
        assert (await ana.post(f"/console/unrouted/{stranger}/dismiss", data={"why": " "})).status_code == 422
        assert (await ana.post(f"/console/unrouted/{stranger}/dismiss", data={"why": "a shop"})).status_code == 303
        assert "Every message has found" in said((await ana.get("/console/unrouted")).text)


class TestTheSwitches:
    @pytest.fixture
    async def lane(self, context):
        async with context.session() as session:
            await lanes.ensure(session, settings=context.settings, now=context.now())

    async def test_stop_and_start_a_lane_with_a_reason(self, enter, context, lane):
        lee = await enter("lee")
        assert (await lee.post("/console/lanes/stop", data={"lane": "sms:campaign", "why": ""})).status_code == 422
        await lee.post("/console/lanes/stop", data={"lane": "sms:campaign", "why": "wrong text"})
        stopped = await rows(context, "select name, stopped_why from lane where stopped_at is not null")
        assert stopped == [{"name": "sms:campaign", "stopped_why": "wrong text"}]
        await lee.post("/console/lanes/start", data={"lane": "sms:campaign", "why": "mended"})
        assert await rows(context, "select 1 from lane where stopped_at is not null") == []

    async def test_stop_everything_at_once(self, enter, context, lane):
        lee = await enter("lee")
        await lee.post("/console/lanes/stop", data={"lane": "all", "why": "incident"})
        assert await rows(context, "select 1 from lane where stopped_at is null") == []


class TestColleagues:
    async def test_are_added_with_a_link_shown_once(self, enter):
        ada = await enter("ada")
        page = await ada.post(
            "/console/users", data={"email": "new@example.com", "name": "Nia", "role": "case_manager"}
        )
        link = re.search(r"/console/sign-in/([\w-]+)", page.text)
        stranger = await enter()
        assert (await stranger.post(f"/console/sign-in/{link.group(1)}")).status_code == 303
        assert "sign-in/" not in (await ada.get("/console/users")).text

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"email": "nobody", "role": "admin"}, "write an address"),
            ({"email": "a@b.c", "role": "king"}, "Role: choose"),
            ({"email": "a@b.c", "role": "creditor"}, "exactly one creditor"),
        ],
    )
    async def test_are_not_added_by_mistake(self, enter, typed, sentence):
        ada = await enter("ada")
        page = await ada.post("/console/users", data=typed)
        assert page.status_code in (409, 422)
        assert sentence in said(page.text)
        assert typed["email"] in page.text

    async def test_cannot_bar_themselves(self, enter, office):
        ada = await enter("ada")
        assert (await ada.post(f"/console/users/{office['staff']['ada']}/disable")).status_code == 422


#: five hundred more people with a debt
MANY = (
    "insert into debtor (ref, first_name, last_name, language, created_at)"
    " select 'M-' || n, 'Many', 'Others', 'en', :now from generate_series(1, 500) n",
    "insert into account (creditor_id, debtor_id, ref, principal_cents, balance_cents, created_at)"
    " select (select min(id) from creditor), d.id, d.ref, 9000, 9000, :now from debtor d where d.ref like 'M-%'",
)


class TestPromises:
    async def test_lists_the_day_first_and_what_became_of_each(self, enter, context, office):
        today, dana = context.now().date(), office["people"][0]
        async with context.session() as session:
            for days, status, cents in (
                (0, "open", 5_000),
                (2, "open", 6_000),
                (3, "broken", 7_000),
                (4, "kept", 8_000),
            ):
                await cast.insert(
                    session, "promise", debtor_id=dana["debtor"], account_id=dana["account"], amount_cents=cents,
                    date=today - timedelta(days=days), status=status, made_at=context.now(),
                )  # fmt: skip
        ana = await enter("ana")
        words = said((await ana.get("/console/promises")).text)
        assert words.index("Due 1 due") < words.index("Late 1 late") < words.index("Broken 1 broken")
        assert "$80.00" in words
        assert "Holloway" not in words
        assert "Nothing was promised" in said((await ana.get("/console/promises?day=2020-01-01")).text)


class TestACampaign:
    @pytest.fixture
    async def campaign(self, context, office):
        wish = {"name": "spring", "audience": {}, "steps": [{"template": "reminder", "channel": "sms"}]}
        async with context.session() as session:
            return await campaigns.create(session, definition.validate(wish), now=context.now(), actor="system:cli")

    async def test_dry_run_adds_up_and_names_the_people(self, enter, campaign):
        lee = await enter("lee")
        words = said((await lee.get(f"/console/campaigns/{campaign}/preview")).text)
        assert "adds up 4" in words
        assert "A lawyer represents" in words
        assert "D-4" in words

    async def test_is_launched_only_with_the_number_just_seen(self, enter, context, campaign):
        lee = await enter("lee")
        url = f"/console/campaigns/{campaign}"
        wrong = await lee.post(f"{url}/launch", data={"people": "3"})
        assert wrong.status_code == 422
        assert (await lee.post(f"{url}/launch", data={"people": "4"})).status_code == 303
        assert (await rows(context, "select status from campaign"))[0]["status"] == "running"

    async def test_to_many_needs_a_second_person(self, enter, context, campaign):
        """S15: who launches cannot be who approved."""
        lee, cora = await enter("lee"), await enter("cora")
        url = f"/console/campaigns/{campaign}"
        async with context.session() as session:
            for statement in MANY:
                await session.execute(sa.text(statement), {"now": context.now()})
        many = {"people": "504"}
        await lee.post(f"{url}/approve")
        assert (await lee.post(f"{url}/launch", data=many)).status_code == 409
        await cora.post(f"{url}/approve")
        assert (await lee.post(f"{url}/launch", data=many)).status_code == 303

    async def test_is_paused_resumed_and_cancelled(self, enter, context, campaign):
        lee = await enter("lee")
        url = f"/console/campaigns/{campaign}"
        await lee.post(f"{url}/launch", data={"people": "4"})
        for act, status in (("pause", "paused"), ("resume", "running"), ("cancel", "cancelled")):
            assert (await lee.post(f"{url}/{act}", data={"why": "test"})).status_code == 303
            assert (await rows(context, "select status from campaign"))[0]["status"] == status
        assert (await lee.post(f"{url}/resume")).status_code == 409
