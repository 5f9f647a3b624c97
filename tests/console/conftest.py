"""The console over a real database, and a browserless client for each colleague."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx2 as httpx
import pytest
from fastapi import FastAPI

from outreach import app as composition
from outreach.context import Context
from outreach.staff import service as staff
from outreach.web import console, edge
from tests.console import cast

Client = httpx.AsyncClient


@pytest.fixture
def app(context: Context) -> FastAPI:
    """The pages of colleagues alone, behind the house's edge."""
    composition.load_jobs()
    made = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    made.state.context = context
    edge.install(made, https=False)
    made.include_router(console.router())
    return made


@pytest.fixture
async def office(context: Context) -> dict[str, Any]:
    """The ordinary morning of the cast, committed."""
    async with context.session() as session:
        return await cast.office(session, now=context.now())


@pytest.fixture
async def enter(app: FastAPI, context: Context, office: dict[str, Any]) -> AsyncIterator[Callable[..., Any]]:
    """`await enter("ana")` is a client signed in as Ana; `await enter()` is a stranger's."""
    async with AsyncExitStack() as stack:

        async def sign_in(nick: str | None = None) -> Client:
            transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
            client = await stack.enter_async_context(Client(transport=transport, base_url="http://test"))
            if nick is not None:
                async with context.session() as session:
                    token = await staff.link(
                        session, now=context.now(), email=f"{nick}@example.com", actor="system:test"
                    )
                answer = await client.post(f"/console/sign-in/{token}")
                assert answer.status_code == 303
            return client

        yield sign_in
