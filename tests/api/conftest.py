"""Two creditors and their systems: Fairview and Lakeside, each with a key for everything; Dana owes Fairview, Theo Lakeside."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from typing import Any

import httpx2 as httpx
import pytest
from fastapi import FastAPI

from outreach import app as composition
from outreach import audit
from outreach.context import Context
from outreach.partners import events, keys
from outreach.web import api, edge
from tests import cast as people

_numbers = itertools.count(1)


class System:
    """A creditor's system: a client with a key, a fresh Idempotency-Key for every write unless one is given."""

    def __init__(self, client: httpx.AsyncClient, token: str, key_id: int = 0) -> None:
        self.client, self.token, self.key_id = client, token, key_id

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.ask("GET", path, params=params)

    async def post(self, path: str, body: Any = None, *, key: str | None = None, **more: Any) -> httpx.Response:
        return await self.ask("POST", path, key=key, json={} if body is None else body, **more)

    async def delete(self, path: str, *, key: str | None = None) -> httpx.Response:
        return await self.ask("DELETE", path, key=key)

    async def ask(self, method: str, path: str, *, key: str | None = None, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        if method != "GET":
            headers["Idempotency-Key"] = f"k-{next(_numbers)}" if key is None else key
        return await self.client.request(method, f"/api/v1{path}", headers=headers, **more)


@pytest.fixture
def app(context: Context) -> FastAPI:
    composition.load_jobs()
    made = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    made.state.context = context
    edge.install(made, https=False)
    made.mount("/api/v1", api.create(context))
    return made


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as made:
        yield made


@pytest.fixture
async def world(context: Context) -> dict[str, int]:
    """Names to ids: two creditors, a person with one debt each."""
    now = context.now()
    async with context.session() as session:
        known: dict[str, int] = {}
        for name, who, ref in (("Fairview Medical Group", "dana", "FMG-1"), ("Lakeside Utilities", "theo", "LSU-1")):
            creditor = known[name] = await people.creditor(session, now=now, name=name)
            person = known[who] = await people.debtor(session, now=now, ref=who, first_name=who.title())
            known[ref] = await people.account(session, now=now, debtor_id=person, creditor_id=creditor, ref=ref)
            await people.phone(session, now=now, debtor_id=person, address=f"+1614555014{len(known) % 10}")
    return known


async def enrol(context: Context, client: httpx.AsyncClient, creditor: str, *scopes: str) -> System:
    async with context.session() as session:
        key_id, token = await keys.add(
            session,
            now=context.now(),
            creditor=creditor,
            name="ledger",
            scopes=scopes or list(keys.SCOPES),
            actor="system:test",
        )
    return System(client, token, key_id)


@pytest.fixture
async def fairview(context: Context, client: httpx.AsyncClient, world: dict[str, int]) -> System:
    return await enrol(context, client, "Fairview Medical Group")


@pytest.fixture
async def lakeside(context: Context, client: httpx.AsyncClient, world: dict[str, int]) -> System:
    return await enrol(context, client, "Lakeside Utilities")


async def publish(context: Context) -> int:
    """What the sealer and the publisher do every second or two."""
    async with context.engine.begin() as connection:
        await audit.seal(connection, now=context.now(), secret=context.key)
    made = 0
    while True:
        async with context.session() as session:
            found = await events.publish(session, now=context.now())
        made += found
        if not found:
            return made


async def told(system: System, **params: Any) -> list[tuple[str, dict[str, Any]]]:
    """Types and data of a creditor's feed."""
    page = (await system.get("/events", **params)).json()
    return [(event["type"], event["data"]) for event in page["events"]]
