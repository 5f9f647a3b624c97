"""A case from the queue to its close: one owner, words held when something newer was said, every act signed."""

from __future__ import annotations

import asyncio
import html
import re

import pytest

from outreach import db
from tests.console import cast


def said(page: str) -> str:
    """The words of a page without its tags."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


async def rows(context, sql: str, **values):
    async with context.session() as session:
        return await db.rows(session, sql, **values)


class TestTheQueue:
    async def test_puts_the_urgent_first_and_says_why(self, enter):
        ana = await enter("ana")
        words = said((await ana.get("/console/queue?view=all")).text)
        assert words.index("Theo L.") < words.index("Marisol V.") < words.index("Dana H.")
        assert "made a threat" in words
        assert "past their promise" in words

    async def test_shows_first_names_only(self, enter):
        ana = await enter("ana")
        page = (await ana.get("/console/queue?view=all")).text
        assert "Holloway" not in page
        assert "0142" not in page

    async def test_gives_the_rows_alone_to_a_refresh(self, enter):
        ana = await enter("ana")
        rows_only = await ana.get("/console/queue?view=all", headers={"hx-request": "true"})
        assert "<html" not in rows_only.text
        assert "Theo L." in rows_only.text

    @pytest.mark.parametrize("after", ["x", "1_2_3", "0_not-a-date_5", "'; drop table cases; --"])
    async def test_survives_an_invented_position(self, enter, after):
        ana = await enter("ana")
        assert (await ana.get("/console/queue", params={"view": "all", "after": after})).status_code == 200

    async def test_leads_to_the_next_case_in_one_step(self, enter, office):
        ana = await enter("ana")
        answer = await ana.get("/console/next")
        assert answer.headers["location"] == f"/console/cases/{office['cases'][2]}"


class TestClaiming:
    async def test_twenty_at_once_leave_one_owner(self, enter, context, office):
        """R10: whoever comes second reads who has it, within the second."""
        clients = [await enter("ana" if n % 2 else "bob") for n in range(20)]
        case = office["cases"][0]
        answers = await asyncio.gather(
            *(c.post(f"/console/cases/{case}/claim", data={"view": "unassigned"}) for c in clients)
        )
        won = {answer.status_code for answer in answers}
        assert won <= {303, 409}
        owner = await rows(
            context, "select s.name from cases c join staff s on s.id = c.claimed_by where c.id = :id", id=case
        )
        claims = await rows(context, "select actor from case_event where case_id = :id and kind = 'claimed'", id=case)
        assert len(claims) == 1
        for answer in answers:
            if answer.status_code == 409:
                assert f"Taken by {owner[0]['name']} at" in said(answer.text)

    async def test_is_refused_on_the_case_page_too(self, enter, office):
        ana, bob = await enter("ana"), await enter("bob")
        url = f"/console/cases/{office['cases'][0]}"
        assert (await ana.post(f"{url}/claim")).status_code == 303
        late = await bob.post(f"{url}/claim")
        assert late.status_code == 409
        assert "Taken by Ana Diaz" in said(late.text)


@pytest.fixture
async def claimed(enter, office):
    """Ana at Dana's case, claimed."""
    ana = await enter("ana")
    url = f"/console/cases/{office['cases'][0]}"
    await ana.post(f"{url}/claim")
    return ana, url


class TestTheCasePage:
    async def test_shows_conversation_money_and_ways_masked(self, claimed):
        ana, url = claimed
        words = said((await ana.get(url)).text)
        for expected in ("i can do 55 a month", "$612.40", "••• 0142", "May we write now?", "May dispute"):
            assert expected in words
        assert "4155550142" not in words

    async def test_writes_down_who_looked(self, claimed, context, office):
        ana, url = claimed
        await ana.get(url)
        seen = await rows(context, "select actor, debtor_id from audit_entry where action = 'view.case'")
        assert {"actor": f"staff:{office['staff']['ana']}", "debtor_id": office["people"][0]["debtor"]} in seen

    async def test_shows_a_colleague_who_is_here_too(self, claimed, enter):
        ana, url = claimed
        bob = await enter("bob")
        await bob.get(url)
        assert "Bob Marsh has this case open too" in said((await ana.get(url)).text)
        await bob.post(f"{url}/draft", data={"kind": "note", "text": "I think"})
        assert "Bob Marsh is writing" in said((await ana.get(url)).text)

    async def test_escapes_what_debtors_write(self, enter, office):
        ana = await enter("ana")
        page = (await ana.get(f"/console/cases/{office['cases'][2]}")).text
        assert "<b>sue</b>" not in page
        assert "&lt;b&gt;sue&lt;/b&gt;" in page


class TestAReply:
    async def test_leaves_through_the_outbox_and_clears_the_draft(self, claimed, context):
        ana, url = claimed
        await ana.post(f"{url}/draft", data={"kind": "reply", "text": "Hello"})
        seen = re.search(r'name="seen" value="(\d+)"', (await ana.get(url)).text).group(1)
        answer = await ana.post(f"{url}/reply", data={"text": "Hello Dana, I am Ana.", "seen": seen})
        assert answer.status_code == 303
        sent = await rows(context, "select text, status, staff_id from message where staff_id is not null")
        assert len(sent) == 1
        assert "Hello Dana, I am Ana." in sent[0]["text"]
        assert sent[0]["status"] == "queued"
        assert (await rows(context, "select drafts from desk where drafts <> '{}'")) == []

    async def test_is_held_when_something_newer_was_said(self, claimed, context, office):
        """R11: the newer words are shown, nothing typed is lost, and only an explicit press sends."""
        ana, url = claimed
        seen = re.search(r'name="seen" value="(\d+)"', (await ana.get(url)).text).group(1)
        async with context.session() as session:
            await cast.message(
                session, now=context.now(), debtor_id=office["people"][0]["debtor"], text="wait, I lost my job"
            )
        held = await ana.post(f"{url}/reply", data={"text": "Pay 55 then.", "seen": seen})
        assert held.status_code == 409
        words = said(held.text)
        assert "wait, I lost my job" in words
        assert "Pay 55 then." in words
        assert await rows(context, "select 1 from message where staff_id is not null") == []
        anyway = await ana.post(f"{url}/reply", data={"text": "I read that.", "seen": seen, "anyway": "yes"})
        assert anyway.status_code == 303

    async def test_is_refused_by_the_gate_with_the_rule_and_kept(self, enter, context, office):
        """No role can force a refused send: Priya has an attorney."""
        lee = await enter("lee")
        url = f"/console/cases/{office['cases'][3]}"
        await lee.post(f"{url}/claim")
        refused = await lee.post(f"{url}/reply", data={"text": "Call me today.", "seen": "9", "anyway": "yes"})
        assert refused.status_code == 409
        words = said(refused.text)
        assert "A lawyer represents the consumer" in words
        assert "Call me today." in words
        kept = await rows(
            context, "select m.status, r.rules from message m join decision_record r on r.message_id = m.id"
        )
        assert [row["status"] for row in kept] == ["denied"]

    async def test_is_weighed_before_it_leaves(self, claimed):
        ana, url = claimed
        words = said((await ana.post(f"{url}/weigh", data={"text": "Hello Dana"})).text)
        assert "Text message to ••• 0142" in words
        assert "segment" in words
        assert "may leave now" in words

    async def test_needs_the_case(self, enter, office):
        bob = await enter("bob")
        answer = await bob.post(f"/console/cases/{office['cases'][0]}/reply", data={"text": "Hello", "seen": "99"})
        assert answer.status_code == 409
        assert "Claim the case" in said(answer.text)


#: act -> what is typed, and what the trail then says of it
ACTS = [
    ("note", {"text": "Works nights"}, "case.note"),
    ("contact", {"medium": "voice", "outcome": "call_unanswered", "note": "rang twice"}, "case.contact_logged"),
    ("hold", {"reason": "hardship", "note": "lost the job"}, "hold"),
    ("snooze", {"until": "2026-03-12T10:00"}, "case.snoozed"),
    ("release", {}, "case.released"),
    ("close", {"outcome": "answered"}, "case.closed"),
]
#: act -> what is wrong with what was typed, and the sentence for the person
MISTAKES = [
    ("note", {"text": "  "}, "Write the note"),
    ("contact", {"medium": "pigeon", "outcome": ""}, "Choose how"),
    ("contact", {"medium": "voice", "outcome": "conversation", "at": "2027-01-01T10:00"}, "moment that has passed"),
    ("hold", {"reason": "hardship", "note": ""}, "Why: write something"),
    ("hold", {"reason": "boredom", "note": "x"}, "Reason: choose"),
    ("snooze", {"until": "2026-03-01T10:00"}, "future"),
    ("snooze", {"until": "soon"}, "Until: choose a date"),
    ("close", {"outcome": "bored"}, "Outcome: choose"),
    ("payments", {"account": "1", "amount": "free", "reference": "x"}, "Amount: write an amount"),
    ("payments", {"account": "1", "amount": "5", "reference": ""}, "Reference: write"),
]


class TestAnAct:
    @pytest.mark.parametrize(("act", "typed", "signed"), ACTS, ids=[a[0] for a in ACTS])
    async def test_is_done_once_and_signed(self, claimed, context, office, act, typed, signed):
        ana, url = claimed
        answer = await ana.post(f"{url}/{act}", data=typed)
        assert answer.status_code == 303, said(answer.text)
        trail = await rows(context, "select actor from audit_entry where action = :action", action=signed)
        assert f"staff:{office['staff']['ana']}" in [entry["actor"] for entry in trail]

    @pytest.mark.parametrize(("act", "typed", "sentence"), MISTAKES, ids=[f"{m[0]}-{m[2]}" for m in MISTAKES])
    async def test_says_what_to_change_where_it_was_typed(self, claimed, act, typed, sentence):
        ana, url = claimed
        answer = await ana.post(f"{url}/{act}", data=typed)
        assert answer.status_code in (409, 422)
        assert sentence in said(answer.text)
        for field in ("text", "note", "reference", "amount", "until"):
            assert html.escape(typed.get(field, "").strip()) in answer.text

    async def test_records_a_payment_against_a_debt_of_this_person(self, claimed, context, office):
        ana, url = claimed
        account = office["people"][0]["account"]
        for _ in range(2):  # the same reference twice is one payment
            await ana.post(f"{url}/payments", data={"account": account, "amount": "100.00", "reference": "CR-1"})
        found = await rows(context, "select balance_cents from account where id = :id", id=account)
        assert found[0]["balance_cents"] == 51_240

    async def test_releases_a_hold_only_with_the_authority(self, enter, context, office):
        ana, lee = await enter("ana"), await enter("lee")
        url = f"/console/cases/{office['cases'][0]}"
        await ana.post(f"{url}/hold", data={"reason": "hardship", "note": "x"})
        assert (await ana.post(f"{url}/release-hold", data={"reason": "hardship", "why": "y"})).status_code == 403
        assert (
            await lee.post(f"{url}/release-hold", data={"reason": "hardship", "why": "back at work"})
        ).status_code == 303
        assert await rows(context, "select 1 from hold where reason = 'hardship' and until is null") == []

    async def test_reassigns_to_a_colleague(self, enter, context, office):
        lee = await enter("lee")
        case, bob = office["cases"][0], office["staff"]["bob"]
        assert (await lee.post(f"/console/cases/{case}/reassign", data={"to": bob})).status_code == 303
        assert (await rows(context, "select claimed_by from cases where id = :id", id=case))[0]["claimed_by"] == bob
