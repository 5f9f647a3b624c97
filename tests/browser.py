"""A real Chromium for everyone's page tests: finds or installs it, serves an application on loopback, runs axe.

In a conftest: `from tests.browser import chromium  # noqa: F401`, then `async with served(app) as url` and
`async with tab(chromium, url, width=320) as page`.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.async_api import Browser, Page, async_playwright

#: Nothing of the browser's own may reach for the network.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_NAMES = ("chromium", "chromium-browser", "google-chrome")
#: WCAG 2.0 to 2.2, levels A and AA
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@cache
def executable() -> str:
    """The system's Chromium, installed when we may; else the test is skipped and the skip is counted."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
        subprocess.run(["apt-get", "update", "-qq"], **quiet)  # type: ignore[call-overload]
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], **quiet)  # type: ignore[call-overload]
        found = shutil.which("chromium")
    if found is None:
        pytest.skip("no Chromium here, and none could be installed")
    return found


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    path = executable()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    """The application on a free loopback port; gives its address."""
    config = uvicorn.Config(app, log_level="error", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


@asynccontextmanager
async def tab(browser: Browser, url: str, *, width: int = 1280, **more: Any) -> AsyncIterator[Page]:
    """One person's browser window. Any error a script throws or the policy refuses fails the test."""
    context = await browser.new_context(base_url=url, viewport={"width": width, "height": 900}, **more)
    page = await context.new_page()
    page.set_default_timeout(30_000)  # two cores, shared
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" and "status of 4" not in m.text else None)
    try:
        yield page
    finally:
        await context.close()
    assert not wrong, wrong


async def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands: rule, words, first place. Empty is right."""
    await page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
    found = await page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    return [f"{v['id']}: {v['help']} {v['nodes'][0]['target']}" for v in found["violations"]]


async def overflows(page: Page) -> bool:
    """The page is wider than its window: somebody must scroll sideways to read."""
    return bool(await page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
