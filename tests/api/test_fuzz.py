"""Anything at all, over the OpenAPI document: no 5xx, no answer the document does not know, nothing of anybody else's."""

from __future__ import annotations

import asyncio
import http.client
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import schemathesis
import sqlalchemy as sa
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from outreach.disputes import service as disputes
from outreach.web import limits
from tests.api.contract import FILE

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SCHEMA = schemathesis.openapi.from_dict(json.loads(FILE.read_text(encoding="utf-8")))
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
#: things that are there, so that requests get past the first door
REAL = {"ref": "FMG-1", "hold": 1, "dispute": 1, "endpoint": 1}
#: everything another creditor has
THEIRS = """
select jsonb_agg(to_jsonb(a) order by a.id)::text from (
  select a.id, to_jsonb(a) as account, to_jsonb(d) as debtor, (select count(*) from hold h where h.debtor_id = d.id) as holds,
    (select count(*) from ledger_entry l where l.account_id = a.id) as lines
  from account a join debtor d on d.id = a.debtor_id where a.ref = 'LSU-1') a
"""


@pytest.fixture
async def served(app, fairview, context, world, monkeypatch) -> AsyncIterator[str]:
    """The application behind a real server; Fairview has something of each kind."""
    monkeypatch.setitem(limits.LIMITS, "api", (10**9, 1.0))
    await fairview.post("/accounts/FMG-1/holds", {"ground": "other"})
    await fairview.post("/endpoints", {"url": "https://hooks.fairview.example/in"})
    async with context.session() as session:
        await disputes.open(session, now=context.now(), account_id=world["FMG-1"], via="sms", actor="debtor:1")
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # the server offers nothing to wait on
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await running


def many(examples: int) -> Callable[[Any], Any]:
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.parametrize("examples", [12, pytest.param(400, marks=pytest.mark.slow)])
async def test_whatever_is_asked_gets_an_answer_the_document_knows(served, fairview, context, examples) -> None:
    async with context.session() as session:
        before = await session.scalar(sa.text(THEIRS))
    seen: list[int] = []

    def ask(operation: Any, mode: GenerationMode, real: bool) -> None:
        @many(examples)
        @given(operation.as_strategy(generation_mode=mode))
        def one(case: Any) -> None:
            if real:
                case.path_parameters = {n: REAL[n] for n in case.path_parameters or {}}
            answer = case.call(base_url=f"{served}/api/v1", headers={"Authorization": f"Bearer {fairview.token}"})
            seen.append(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

        one()

    def run() -> None:
        for operation in OPERATIONS:
            for mode in GenerationMode:
                for real in {False, "{" in operation.path}:
                    ask(operation, mode, real)

    await asyncio.to_thread(run)
    print(
        f"{len(seen)} requests over {len(OPERATIONS)} operations: " + str({s: seen.count(s) for s in sorted(set(seen))})
    )
    assert set(seen) & {200, 201, 202}
    async with context.session() as session:
        assert await session.scalar(sa.text(THEIRS)) == before


@pytest.mark.parametrize("examples", [150, pytest.param(20_000, marks=pytest.mark.slow)])
async def test_bytes_that_are_no_request_change_nothing(served, fairview, context, examples) -> None:
    """Below the schema: broken JSON, wrong encodings, NULs, strange types and lengths, straight down the wire."""
    host = served.removeprefix("http://")
    scalars = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.sampled_from(["\ud800", "\x00", "9" * 5000])
    )
    trees = st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    )
    bodies = st.one_of(
        st.binary(max_size=300),
        trees.map(lambda tree: json.dumps(tree).encode()),
        st.sampled_from(
            [b"[" * 100_000, b'{"a":' * 50_000, b'{"rows":[' + b"{}," * 20_000 + b"{}]}", b"1e999", b"NaN"]
        ),
        st.dictionaries(st.sampled_from(["rows", "account_ref", "url", "ground", "words", "file", "after"]), trees).map(
            lambda body: json.dumps(body).encode()
        ),
    )
    doors = [(op.method.upper(), op.path.format(**REAL)) for op in OPERATIONS if op.method != "get"]
    strange = [(method, path) for _, path in doors for method in ("PUT", "PATCH", "OPTIONS", "QUERY")]
    asked = st.one_of(st.sampled_from(doors), st.sampled_from(doors), st.sampled_from(doors), st.sampled_from(strange))
    types = st.sampled_from(
        ["application/json", "application/json; charset=utf-16", "text/plain", "multipart/form-data", ""]
    )
    seen: list[int] = []
    took: list[float] = []

    @many(examples)
    @given(bodies, asked, types, st.integers())
    def one(body: bytes, asked: tuple[str, str], kind: str, n: int) -> None:
        method, path = asked
        wire = http.client.HTTPConnection(host, timeout=60)
        headers = {
            "Authorization": f"Bearer {fairview.token}",
            "Content-Type": kind,
            "Idempotency-Key": f"f{n}{len(seen)}",
        }
        wire.request(method, f"/api/v1{path}", body, headers)
        started = time.perf_counter()
        answer = wire.getresponse()
        answer.read()
        wire.close()
        took.append(time.perf_counter() - started)
        seen.append(answer.status)
        assert answer.status < 500, (method, path, body[:200])

    await asyncio.to_thread(one)
    slow = sorted(took)[len(took) * 99 // 100]
    print({s: seen.count(s) for s in sorted(set(seen))}, f"p99 {slow * 1000:.0f} ms, slowest {max(took) * 1000:.0f} ms")
    async with context.session() as session:
        assert await session.scalar(sa.text("select count(*) from payment")) == 0
        assert await session.scalar(sa.text("select balance_cents from account where ref = 'FMG-1'")) == 61_240
