"""A dispute answered from its case: by a mail or in the portal with E-SIGN consent, else by post; thawed once it arrived."""

from __future__ import annotations

import html

import pytest
import sqlalchemy as sa

from outreach.consents import service as consents
from outreach.disputes import jobs
from outreach.disputes import service as disputes
from tests.console.test_case import rows

WORDS = "Fairview Medical Group sent us the bill of March 3 with your name on it."


@pytest.fixture
async def case(context, office) -> str:
    """Dana disputes what a collector asks her for; her case's address."""
    dana = office["people"][0]
    async with context.session() as session:
        await session.execute(sa.text("update creditor set relationship = 'third_party'"))
        opened = await disputes.open(
            session,
            now=context.now(),
            account_id=dana["account"],
            via="email",
            actor="debtor:1",
            reason="not_mine",
            text="not mine",
        )
    return f"/console/cases/{opened.case_id}/disputes/{opened.id}/answer"


async def agree(context, office) -> None:
    async with context.session() as session:
        await consents.prefer(
            session,
            now=context.now(),
            debtor_id=office["people"][0]["debtor"],
            kind="papers",
            value={"electronic": True, "wording": "test"},
            via="portal",
        )


async def frozen(context) -> bool:
    return bool(await rows(context, "select 1 as one from hold where reason = 'dispute' and until is null"))


async def test_without_esign_consent_it_stays_on_the_page_and_nothing_is_recorded(enter, context, case):
    lee = await enter("lee")
    page = await lee.post(case, data={"method": "email", "words": WORDS})
    assert page.status_code == 409
    assert "VAL-05" in page.text
    assert WORDS in html.unescape(page.text)
    assert await rows(context, "select answered_at from dispute") == [{"answered_at": None}]


@pytest.mark.parametrize(("method", "template"), [("email", "dispute_answer"), ("portal", "documents")])
async def test_it_leaves_through_the_gate_and_its_fate_decides(enter, context, office, case, method, template):
    await agree(context, office)
    lee = await enter("lee")
    assert (await lee.post(case, data={"method": method, "words": WORDS})).status_code == 303
    sent = await rows(
        context, "select id, template, purpose, status, text from message where direction = 'out' and staff_id > 0"
    )
    assert [(m["template"], m["purpose"], m["status"]) for m in sent] == [(template, "verification", "queued")]
    assert (WORDS in sent[0]["text"]) is (method == "email")
    assert await frozen(context)
    for status, still in (("delivered", False), ("failed", True)):
        async with context.session() as session:
            await session.execute(
                sa.text("update message set status = :s, sent_at = :now where id = :id"),
                {"s": status, "now": context.now(), "id": sent[0]["id"]},
            )
            assert await jobs.settle(session, now=context.now()) == 1
            assert await jobs.settle(session, now=context.now()) == 0
        assert await frozen(context) is still


async def test_post_ends_the_freeze_at_once(enter, context, case):
    lee = await enter("lee")
    assert (await lee.post(case, data={"method": "mail", "words": WORDS})).status_code == 303
    assert not await frozen(context)
