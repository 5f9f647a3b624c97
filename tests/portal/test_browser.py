"""The portal in a real Chromium: every page in its states judged by axe, journeys without scripts and by keyboard."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from playwright.async_api import Browser, Page, expect

from outreach import tokens
from outreach.context import Context
from outreach.messages import outbox
from tests.browser import chromium, overflows, served, tab, violations  # noqa: F401
from tests.portal.conftest import Person

#: set to a folder to keep screenshots there
SHOTS = os.environ.get("OUTREACH_SHOTS", "")
#: the two that differ in everything run always, the rest of the matrix with --slow
VIEWS = [
    pytest.param("en", {"width": 320}, id="en-320"),
    pytest.param("es", {"width": 1280, "color_scheme": "dark"}, id="es-1280-dark"),
    pytest.param("en", {"width": 1280}, id="en-1280", marks=pytest.mark.slow),
    pytest.param("es", {"width": 320}, id="es-320", marks=pytest.mark.slow),
    pytest.param(
        "en", {"width": 320, "color_scheme": "dark", "forced_colors": "active"}, id="en-forced", marks=pytest.mark.slow
    ),
]
OUTSIDE = ("/", "/genuine", "/help", "/privacy", "/stop", "/signed-out", "/l/none", "/nowhere", "/not-me/done")
PLAN = "/debts/1/plan"


class Judge:
    """Looks at every state of every page it is shown."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name, self.found = page, name, list[str]()

    async def visit(self, path: str) -> None:
        await self.page.goto(path)
        await self.look(path.strip("/").replace("/", "-")[:40] or "front")

    async def look(self, state: str) -> None:
        if await overflows(self.page):
            self.found.append(f"{state}: wider than the window")
        self.found += [f"{state}: {words}" for words in await violations(self.page)]
        if SHOTS:
            await self.page.screenshot(path=Path(SHOTS) / f"{self.name}-{state}.png", full_page=True)


async def press(page: Page) -> None:
    async with page.expect_navigation():
        await page.locator("main form button:not([data-without-scripts])").first.click()


async def enter(page: Page, person: Person) -> None:
    await page.goto(person.landing)
    await press(page)
    await page.fill("#zip", "94110")
    await press(page)
    await page.wait_for_url("**/debts")


@pytest.mark.parametrize(("language", "view"), VIEWS)
async def test_every_page_in_every_state_is_clean(
    chromium: Browser,  # noqa: F811
    app: FastAPI,
    context: Context,
    dana: Person,
    marisol: Person,
    language: str,
    view: dict[str, Any],
    request: pytest.FixtureRequest,
) -> None:
    who = dana if language == "en" else marisol
    name = request.node.callspec.id
    async with served(app) as url, tab(chromium, url, locale=language, **view) as page:
        judge = Judge(page, name)
        for path in OUTSIDE:
            await judge.visit(path)
        await judge.visit(f"/u/{outbox.message_token(context.key, 'unsubscribe', who.message_id)}")
        await judge.visit(f"{who.landing}/not-me")
        await judge.visit(who.landing)
        await press(page)
        await judge.look("check")
        await press(page)
        await expect(page.locator(".problems")).to_be_focused()
        await judge.look("check-error")
        await enter(page, who)
        await judge.look("debts")
        for path in ("/debts/1", "/debts/1/pay", "/debts/1/dispute", "/debts/1/hardship", "/person", "/preferences"):
            await judge.visit(path)
        await _plan(page, judge)
        for step in ("manage", "move", "skip", "cancel", "agreement"):
            await judge.visit(f"{PLAN}/{step}")
        await judge.visit("/debts/1/pay")
        await _wishes(page, judge)
        assert judge.found == []


async def _plan(page: Page, judge: Judge) -> None:
    await judge.visit(PLAN)
    await page.check("input[value=monthly]")
    await press(page)
    await page.check("input[value=other]")
    await page.fill("#other", "20")
    await press(page)
    await judge.look("plan-nearest")
    await page.goto(f"{PLAN}/amount")
    await page.fill("#other", "60")
    await expect(page.locator("#preview")).to_contain_text("$60.00")
    await judge.look("plan-amount")
    await press(page)
    await page.locator("input[name=first]").first.check()
    await expect(page.locator("#preview")).to_contain_text("$60.00")
    await judge.look("plan-start")
    await press(page)
    await judge.look("plan-check")
    await press(page)
    await page.wait_for_url("**/plan/done")
    await judge.look("plan-done")


async def _wishes(page: Page, judge: Judge) -> None:
    await page.goto("/debts/1/hardship")
    await page.check("input[value=income]")
    await press(page)
    await judge.look("hardship-done")
    await page.goto("/debts/1/dispute")
    await page.check("input[value=not_mine]")
    await page.set_input_files("#file", {"name": "bill.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"})
    await press(page)
    await page.wait_for_url("**/dispute/done")
    await judge.look("dispute-done")
    await judge.visit("/debts/1")
    await page.goto("/chat")
    await page.fill("#text", "<b>What</b> is this?")
    await press(page)
    await judge.look("chat")
    await judge.visit("/stop")
    await page.check("input[value=cease]")
    await press(page)
    await judge.look("stop-done")


async def focus(page: Page, selector: str) -> None:
    """Tab until the focus is there, as somebody without a mouse does; the focus must be seen on the way."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.locator(selector).first.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"the keyboard never reaches {selector}")


async def enters(page: Page) -> None:
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def test_a_plan_is_agreed_without_scripts_and_by_keyboard_alone(
    chromium: Browser,  # noqa: F811
    app: FastAPI,
    context: Context,
    dana: Person,
) -> None:
    async with served(app) as url, tab(chromium, url, width=320, java_script_enabled=False) as page:
        await page.goto(dana.landing)
        await focus(page, "main form button")
        await enters(page)
        await focus(page, "#zip")
        await page.keyboard.type("94110")
        await enters(page)
        await focus(page, "a[href='/debts/1/plan']")
        await enters(page)
        await focus(page, "#frequency")
        await page.keyboard.press("ArrowUp")
        await enters(page)
        assert page.url.endswith("/plan/amount")
        await focus(page, "#amount")
        await page.keyboard.press("Space")
        await focus(page, "button[name=update]")
        await enters(page)
        await expect(page.locator("#preview")).to_contain_text("$50.00")
        await focus(page, "main form .buttons button")
        await enters(page)
        await focus(page, "#first")
        await page.keyboard.press("Space")
        await enters(page)
        assert page.url.endswith("/plan/check")
        await focus(page, "main form button")
        await enters(page)
        await page.wait_for_url("**/plan/done")
    async with context.session() as session:
        assert await session.scalar(sa.text("select status from plan")) == "agreed"


async def test_the_session_warns_two_minutes_before_and_stays_with_one_press(
    chromium: Browser,  # noqa: F811
    app: FastAPI,
    context: Context,
    dana: Person,
) -> None:
    async with served(app) as url, tab(chromium, url) as page:
        await page.clock.install()
        await enter(page, dana)
        await page.clock.run_for(27 * 60_000)
        await expect(page.locator("#session")).to_be_hidden()
        await page.clock.run_for(61_000)
        await expect(page.locator("#session")).to_be_visible()
        await expect(page.locator("#session button")).to_be_focused()
        assert await violations(page) == []
        context.clock.offset += timedelta(minutes=28)
        await page.locator("#session button").click()
        await expect(page.locator("#session")).to_be_hidden()
        context.clock.offset += timedelta(minutes=28)
        await page.goto("/debts")
        assert page.url.endswith("/debts")


async def test_an_answer_appears_in_the_chat_by_itself(
    chromium: Browser,  # noqa: F811
    app: FastAPI,
    context: Context,
    dana: Person,
) -> None:
    async with served(app) as url, tab(chromium, url) as page:
        await enter(page, dana)
        await page.goto("/chat")
        await page.fill("#text", "half a sentence")
        async with context.session() as session:
            await session.execute(
                sa.text(
                    "insert into message (id, debtor_id, direction, channel, medium, purpose, status, text, created_at)"
                    " values (:id, :d, 'out', 'web', 'web', 'reply', 'delivered', 'Here is your answer.', :now)"
                ),
                {"id": tokens.new_id(), "d": dana.debtor_id, "now": context.now()},
            )
        await expect(page.locator("[role=log]")).to_contain_text("Here is your answer.", timeout=10_000)
        await expect(page.locator("#text")).to_have_value("half a sentence")
