"""The console in a real Chromium: every page at 320 and 1280 px, dark and light, judged by axe; a case by keyboard alone."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from playwright.async_api import Browser, Page, expect

from outreach.campaigns import definition
from outreach.campaigns import service as campaigns
from outreach.cases import service as cases
from outreach.context import Context
from outreach.disputes import proofs
from outreach.disputes import service as disputes
from outreach.messages import lanes
from outreach.partners import endpoints, keys
from outreach.plans import service as plans
from outreach.staff import service as staff
from tests.browser import chromium, overflows, served, tab, violations  # noqa: F401
from tests.console import cast

#: set to a folder to keep screenshots there
SHOTS = os.environ.get("OUTREACH_SHOTS", "")
HOSTILE = (
    "<img src=x onerror=document.title='broken-into'>",
    "<script>document.title='broken-into'</script>",
    "\"><svg onload=document.title='broken-into'>",
    "javascript:document.title='broken-into'",
    "\u202egnp.exe {{7*7}} ${7*7} <a href='javascript:document.title=1'>x</a>",
    "a" * 400,
)


@pytest.fixture
async def busy(context: Context, office: dict[str, Any]) -> dict[str, Any]:
    """A morning on which everything happens at once: a plan to decide, a dispute, hostile words, a stopped lane."""
    now, dana, marisol = context.now(), office["people"][0], office["people"][1]
    async with context.session() as session:
        await plans.propose(
            session,
            now=now,
            settings=context.settings,
            account_id=dana["account"],
            via="sms",
            actor="debtor:1",
            frequency="monthly",
            first_date=(now + timedelta(days=20)).date(),
            amount_cents=1_500,
            insist=True,
        )
        disputed = await disputes.open(
            session,
            now=now,
            account_id=marisol["account"],
            via="sms",
            actor="debtor:2",
            reason="not_mine",
            text=HOSTILE[0],
        )
        await cases.note(session, now=now, case_id=office["cases"][0], text=f"Nights. {HOSTILE[1]}", actor="staff:2")
        for text in HOSTILE:
            await cast.unclear(session, now=now, debtor_id=dana["debtor"], text=text)
        await cast.artefact(session, now=now)
        await cast.insert(
            session,
            "unrouted_inbound",
            channel="sms",
            provider_id="SM1",
            sender="+12125550199",
            recipient="+14155550100",
            text=HOSTILE[2],
            at=now,
        )
        await lanes.ensure(session, settings=context.settings, now=now)
        file = proofs.File(name="bill.pdf", content_type="application/pdf", content=b"%PDF")
        about = {"now": now, "actor": "api:1"}
        await proofs.bring(session, dispute_id=disputed.id, words=HOSTILE[0], file=file, **about)
        made, _ = await keys.add(
            session, creditor="Fairview Medical Group", name=HOSTILE[0], scopes=list(keys.SCOPES), **about
        )
        await keys.add(session, creditor="Fairview Medical Group", name="ledger", scopes=["accounts:read"], **about)
        await keys.revoke(session, key_id=made, **about)
        creditor = await session.scalar(sa.text("select min(id) from creditor"))
        url = "https://hooks.example.com/" + "a" * 150
        await endpoints.add(session, creditor_id=creditor, url=url, types=[], secret=context.key, **about)
        await lanes.stop(session, lane="sms:campaign", now=now, why="wrong text", actor="staff:3")
        wish = {"name": "spring", "audience": {}, "steps": [{"template": "reminder", "channel": "sms"}]}
        await campaigns.create(session, definition.validate(wish), now=now, actor="system:cli")
    return office


async def enter(page: Page, context: Context, nick: str) -> None:
    async with context.session() as session:
        token = await staff.link(session, now=context.now(), email=f"{nick}@example.com", actor="system:test")
    await page.goto(f"/console/sign-in/{token}")
    async with page.expect_navigation():
        await page.get_by_role("button", name="Sign in").click()


async def judge(page: Page, name: str, found: list[str]) -> None:
    """What is wrong with the page as it stands."""
    if await overflows(page):
        found.append(f"{name}: wider than the window")
    found += [f"{name}: {words}" for words in await violations(page)]
    if await page.title() == "broken-into":
        found.append(f"{name}: a debtor's words were run")
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


#: narrow shows every page; wide and dark those whose layout or colours differ most
VIEWS: dict[str, dict[str, Any]] = {
    "320": {"width": 320},
    "1280": {"width": 1280},
    "dark": {"width": 1280, "color_scheme": "dark"},
}
MOST = ("queue?view=all", "cases/1", "debtors/1", "campaigns/1/preview", "reports", "reader", "audit", "users", "rules")
#: colleague -> pages
WALKS = {
    "lee": (
        "queue?view=all",
        "cases/1",
        "cases/2",
        "debtors/1",
        "campaigns",
        "campaigns/1",
        "campaigns/1/preview",
        "unrouted",
        "rules",
        "reports",
        "reader",
        "lanes",
    ),
    "cora": ("audit", "decisions", "cases/1"),
    "ada": ("users", "reader", "systems", "nowhere"),
}


@pytest.mark.parametrize("view", VIEWS)
async def test_every_page_is_clean(
    chromium: Browser,  # noqa: F811
    app: FastAPI,
    context: Context,
    busy: dict[str, Any],
    view: str,
) -> None:
    found: list[str] = []
    async with served(app) as url:
        async with tab(chromium, url, **VIEWS[view]) as page:
            await page.goto("/console/sign-in")
            await judge(page, f"{view}-sign-in", found)
        for nick, walk in WALKS.items():
            async with tab(chromium, url, **VIEWS[view]) as page:
                await enter(page, context, nick)
                for path in walk if view == "320" else [path for path in walk if path in MOST]:
                    await page.goto(f"/console/{path}")
                    await judge(page, f"{view}-{nick}-{path.partition('?')[0].replace('/', '-')}", found)
    assert found == []


async def test_a_case_is_worked_by_keyboard_alone(
    chromium: Browser,  # noqa: F811
    app: FastAPI,
    context: Context,
    busy: dict[str, Any],
) -> None:
    """U7: from the queue to the close without a mouse; keys never act while typing; the sheet lists them."""
    async with served(app) as url, tab(chromium, url) as page:
        await enter(page, context, "ana")
        await page.goto("/console/queue?view=all")
        for key in ("j", "j", "j", "j"):
            await page.keyboard.press(key)
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        await expect(page.locator("h1")).to_have_text("Dana Holloway")
        async with page.expect_navigation():
            await page.keyboard.press("a")
        await expect(page.get_by_text("The case is yours.")).to_be_visible()
        await page.keyboard.press("r")
        await page.keyboard.type("Hello Dana, nights are fine. e a s n")
        await expect(page.locator("#weighed")).to_contain_text("may leave now")
        async with page.expect_navigation():
            await page.keyboard.press("Control+Enter")
        await expect(page.get_by_text("Your reply is on its way.")).to_be_visible()
        await page.keyboard.press("n")
        await page.keyboard.type("called back")
        async with page.expect_navigation():
            await page.keyboard.press("Control+Enter")
        await expect(page.locator(".bubble--note").last).to_contain_text("called back")
        await page.keyboard.press("?")
        await expect(page.locator("#keys")).to_contain_text("Close")
        assert await violations(page) == []
        await page.keyboard.press("Escape")
        await page.keyboard.press("e")
        await page.keyboard.press("Tab")
        async with page.expect_navigation():
            await page.keyboard.press("Control+Enter")
        await expect(page.get_by_text("Case closed.")).to_be_visible()


async def test_news_appears_by_itself_and_holds_a_reply_written_before_it(
    chromium: Browser,  # noqa: F811
    app: FastAPI,
    context: Context,
    office: dict[str, Any],
) -> None:
    """T4 and R11: seen within three seconds, the draft untouched, the send held."""
    async with served(app) as url, tab(chromium, url) as page:
        await enter(page, context, "ana")
        await page.goto(f"/console/cases/{office['cases'][0]}")
        await page.keyboard.press("a")
        await page.wait_for_url("**done=claimed")
        await page.fill("#reply-text", "Pay 55 then.")
        async with context.session() as session:
            await cast.message(
                session, now=context.now(), debtor_id=office["people"][0]["debtor"], text="wait, I lost my job"
            )
        await expect(page.locator(".timeline")).to_contain_text("wait, I lost my job", timeout=5_000)
        assert await page.input_value("#reply-text") == "Pay 55 then."
        async with page.expect_navigation():
            await page.get_by_role("button", name="Send reply").click()
        await expect(page.get_by_role("alert")).to_contain_text("Something newer was said")
        assert await page.input_value("#reply-text") == "Pay 55 then."
        await expect(page.get_by_role("button", name="I have read it, send anyway")).to_be_visible()
