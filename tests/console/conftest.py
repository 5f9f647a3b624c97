"""The console over a real database, and a browserless client for each colleague."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import httpx2 as httpx
import pytest
from fastapi import FastAPI

from outreach import app as composition
from outreach import db, embedded
from outreach.context import Context
from outreach.staff import service as staff
from outreach.web import console, edge
from tests.conftest import NOW
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


@pytest.fixture(scope="session")
def furnished(cluster: embedded.Server, migrated: embedded.Server) -> tuple[embedded.Server, dict[str, Any]]:
    """The ordinary morning of the cast, made once; each test works on a copy."""
    server = embedded.create_database(cluster, "template_console", template=migrated)

    async def furnish() -> dict[str, Any]:
        engine = db.engine(server.url)
        try:
            async with db.session(db.session_factory(engine)) as session:
                return await cast.office(session, now=NOW)
        finally:
            await engine.dispose()

    with ThreadPoolExecutor(1) as aside:  # the tests' own event loop stays untouched
        return server, aside.submit(asyncio.run, furnish()).result()


@pytest.fixture
def database(cluster: embedded.Server, furnished: tuple[embedded.Server, dict[str, Any]]) -> Iterator[embedded.Server]:
    """A copy of the furnished office."""
    server = embedded.create_database(cluster, f"console_{uuid4().hex[:12]}", template=furnished[0])
    yield server
    embedded.drop_database(server)


@pytest.fixture
def office(furnished: tuple[embedded.Server, dict[str, Any]]) -> dict[str, Any]:
    """Who and what stands in it: staff, people, cases."""
    return furnished[1]


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
