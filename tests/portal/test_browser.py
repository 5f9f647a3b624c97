"""The portal in a real Chromium: with and without scripts, at 320 and 1280 px, dark and light, judged by axe."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.async_api import Browser, Page, expect

from tests.browser import chromium, overflows, served, tab, violations  # noqa: F401
from tests.portal.conftest import Person

#: set to a folder to keep screenshots there
SHOTS = os.environ.get("OUTREACH_SHOTS", "")


class Judge:
    """Looks at every state of every page it is shown."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name, self.found = page, name, list[str]()

    async def look(self, state: str) -> None:
        if await overflows(self.page):
            self.found.append(f"{state}: wider than the window")
        self.found += [f"{state}: {words}" for words in await violations(self.page)]
        if SHOTS:
            await self.page.screenshot(path=Path(SHOTS) / f"{self.name}-{state}.png", full_page=True)


async def enter(page: Page, person: Person, *, judge: Judge | None = None) -> None:
    await page.goto(person.landing)
    if judge:
        await judge.look("landing")
    await press(page)
    if judge:
        await judge.look("check")
    await page.fill("#zip", "94110")
    await press(page)
    await page.wait_for_url("**/debts")


async def press(page: Page) -> None:
    async with page.expect_navigation():
        await page.locator("main form button:not([data-without-scripts])").first.click()


VIEWS = {
    "320": {"width": 320},
    "1280": {"width": 1280},
    "dark": {"width": 390, "color_scheme": "dark"},
}


@pytest.mark.parametrize("view", VIEWS)
async def test_every_page_in_every_state_is_clean(
    chromium: Browser,  # noqa: F811
    app: FastAPI,
    dana: Person,
    view: str,
) -> None:
    async with served(app) as url, tab(chromium, url, **VIEWS[view]) as page:  # type: ignore[arg-type]
        judge = Judge(page, view)
        for path in ("/", "/genuine", "/help", "/privacy", "/stop", "/signed-out", "/l/none", "/nowhere"):
            await page.goto(path)
            await judge.look(path.strip("/").replace("/", "-") or "front")
        await page.goto(f"{dana.landing}/not-me")
        await press(page)
        await judge.look("not-me-error")
        await enter(page, dana, judge=judge)
        await judge.look("debt")
        for path in ("pay", "dispute", "hardship", "plan"):
            await page.goto(f"/debts/1/{path}")
            await judge.look(path)
        await press(page)
        await judge.look("plan-error")
        await page.check("input[value=monthly]")
        await press(page)
        await page.check("input[value=other]")
        await page.fill("#other", "60")
        await expect(page.locator("#preview")).to_contain_text("$12.40")
        await judge.look("plan-amount")
        await press(page)
        await page.locator("input[name=first]").first.check()
        await expect(page.locator("#preview")).to_contain_text("2027")
        await judge.look("plan-start")
        await press(page)
        await judge.look("plan-check")
        await press(page)
        await page.wait_for_url("**/plan/done")
        await judge.look("plan-done")
        for path in ("manage", "move", "skip", "cancel", "agreement"):
            await page.goto(f"/debts/1/plan/{path}")
            await judge.look(f"plan-{path}")
        for path in ("/person", "/preferences", "/chat", "/stop", "/debts/1"):
            await page.goto(path)
            await judge.look("in-" + path.strip("/").replace("/", "-"))
        assert judge.found == []
