"""Who may come in, and what for: from the OpenAPI document, so that a new route is covered on the day it appears."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from outreach.disputes import service as disputes
from outreach.partners import keys
from outreach.web import api, limits
from tests.api import contract
from tests.api.conftest import System, enrol


def operations(app) -> list[tuple[str, str, dict]]:
    document = next(route.app for route in app.routes if route.path == "/api/v1").openapi()
    return [
        (method.upper(), path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def scopes_of(operation: dict) -> list[str]:
    return [scope for need in operation["security"] for scopes in need.values() for scope in scopes]


def address(path: str, ref: str = "FMG-1") -> str:
    """An address whose account is `ref` and whose numbers name nothing."""
    return re.sub(r"\{\w+\}", "999999", path.replace("{ref}", ref))


class TestEveryRoute:
    def test_says_which_scope_it_needs(self, app):
        found = operations(app)
        assert len(found) >= 16
        for method, path, operation in found:
            assert len(scopes_of(operation)) == 1, (method, path)
            assert scopes_of(operation)[0] in keys.SCOPES

    def test_every_scope_opens_something(self, app):
        assert {scopes_of(operation)[0] for _, _, operation in operations(app)} == set(keys.SCOPES)

    def test_a_write_asks_for_an_idempotency_key(self, app):
        for method, path, operation in operations(app):
            names = [
                p["name"].lower() for p in operation.get("parameters", ()) if p["in"] == "header" and p["required"]
            ]
            assert ("idempotency-key" in names) == (method != "GET"), (method, path)

    async def test_is_shut_to_strangers_before_anything_is_read(self, app, client):
        for method, path, _ in operations(app):
            for headers in ({}, {"Authorization": "Bearer outreach_nothing"}, {"Authorization": "Basic YTpi"}):
                answer = await client.request(method, f"/api/v1{address(path)}", headers=headers, content=b"{")
                assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")

    async def test_opens_to_exactly_its_scope(self, app, client, context, world):
        for scope in keys.SCOPES:
            system = await enrol(context, client, "Fairview Medical Group", scope)
            for method, path, operation in operations(app):
                answer = await system.ask(
                    method, address(path), **({} if method in ("GET", "DELETE") else {"json": {}})
                )
                assert (answer.status_code == 403) == (scopes_of(operation) != [scope]), (method, path, answer.text)
                assert answer.status_code < 500

    async def test_another_creditors_account_is_as_unknown_as_none(self, app, fairview):
        """404 is 404, to the byte: nothing tells what exists elsewhere from what does not."""
        good = {
            "recall": {}, "holds": {"ground": "other"},
            "adjustments": {"component": "principal", "amount_cents": 5, "reference": "r", "reason": "x"},
        }  # fmt: skip
        seen = 0
        for method, path, _ in operations(app):
            if "{ref}" not in path:
                continue
            body = {} if method in ("GET", "DELETE") else {"json": good[path.rsplit("/", 1)[1]]}
            theirs, nobodys = [await fairview.ask(method, address(path, ref), **body) for ref in ("LSU-1", "NOPE")]
            assert theirs.status_code == nobodys.status_code == 404, (method, path, theirs.text)
            assert theirs.content == nobodys.content
            seen += 1
        assert seen >= 5

    async def test_another_creditors_endpoint_and_dispute_too(self, fairview, lakeside, context, world):
        made = (await lakeside.post("/endpoints", {"url": "https://hooks.lakeside.example/x"})).json()["id"]
        async with context.session() as session:
            dispute = await disputes.open(
                session, now=context.now(), account_id=world["LSU-1"], via="sms", actor="debtor:2"
            )
        theirs, nobodys = f"/endpoints/{made}", "/endpoints/999999"
        for tail in ("/test", "/secret", "/replay"):
            one, other = await fairview.post(theirs + tail), await fairview.post(nobodys + tail)
            assert (one.status_code, one.content) == (404, other.content)
        one, other = await fairview.delete(theirs), await fairview.delete(nobodys)
        assert (one.status_code, one.content) == (404, other.content)
        proof = {"words": "x"}
        one = await fairview.post(f"/disputes/{dispute.id}/proof", proof)
        assert (one.status_code, one.content) == (404, (await fairview.post("/disputes/999999/proof", proof)).content)
        assert (await fairview.get("/endpoints")).json() == {"endpoints": []}
        payment = {"account_ref": "LSU-1", "amount_cents": 5, "paid_at": "2026-03-10", "reference": "z"}
        assert (await fairview.post("/payments", payment)).status_code == 404


class TestAKey:
    async def test_is_kept_as_a_hash_and_remembers_its_last_use(self, context, fairview):
        await fairview.get("/accounts")
        async with context.session() as session:
            row = (await session.execute(sa.text("select * from api_key"))).mappings().one()
        assert fairview.token not in str(dict(row))
        assert row["used_at"] is not None

    async def test_is_worth_nothing_once_revoked(self, context, fairview):
        assert (await fairview.get("/accounts")).status_code == 200
        async with context.session() as session:
            await keys.revoke(session, now=context.now(), key_id=fairview.key_id, actor="system:test")
        assert (await fairview.get("/accounts")).status_code == 401
        async with context.session() as session:
            with pytest.raises(keys.UnknownKeyError):
                await keys.revoke(session, now=context.now(), key_id=fairview.key_id, actor="system:test")

    async def test_has_a_creditor_a_name_and_scopes_that_exist(self, context, world):
        good = {"creditor": "Lakeside Utilities", "name": "x", "scopes": ["accounts:read"]}
        wrong = ({"scopes": []}, {"scopes": ["everything"]}, {"name": " "}, {"creditor": "Nobody"})
        for change in wrong:
            async with context.session() as session:
                with pytest.raises(keys.ScopeError):
                    await keys.add(session, now=context.now(), actor="t", **{**good, **change})

    async def test_signs_whatever_it_changes(self, app, context, fairview, world):
        """Every write of the document leaves its mark on the trail; a new one without a line here fails."""
        async with context.session() as session:
            opened = await disputes.open(
                session, now=context.now(), account_id=world["FMG-1"], via="sms", actor="debtor:1"
            )
        row = {"account_ref": "N", "debtor_ref": "N", "first_name": "A", "last_name": "B", "balance": "1"}
        pay = {"account_ref": "FMG-1", "amount_cents": 5, "paid_at": "2026-03-10", "reference": "z"}
        adjust = {"component": "principal", "amount_cents": 5, "reference": "r", "reason": "x"}
        wishes = {
            "place": ("POST", "/placements", {"rows": [row]}), "reportPayment": ("POST", "/payments", pay),
            "adjustAccount": ("POST", "/accounts/FMG-1/adjustments", adjust),
            "placeHold": ("POST", "/accounts/FMG-1/holds", {"ground": "other"}),
            "liftHold": ("DELETE", "/accounts/FMG-1/holds/2", None),
            "bringProof": ("POST", f"/disputes/{opened.id}/proof", {"words": "x"}),
            "addEndpoint": ("POST", "/endpoints", {"url": "https://hooks.fairview.example/"}),
            "testEndpoint": ("POST", "/endpoints/1/test", None), "changeSecret": ("POST", "/endpoints/1/secret", None),
            "replayEvents": ("POST", "/endpoints/1/replay", {}), "endEndpoint": ("DELETE", "/endpoints/1", None),
            "recallAccount": ("POST", "/accounts/FMG-1/recall", {}),
        }  # fmt: skip
        assert set(wishes) == {op["operationId"] for method, _, op in operations(app) if method != "GET"}
        signed = f"select count(*) from audit_entry where actor = 'api:{fairview.key_id}'"
        before = 0
        for name, (method, path, body) in wishes.items():
            answer = await fairview.ask(method, path, **({} if body is None else {"json": body}))
            assert answer.status_code < 300, (name, answer.text)
            async with context.session() as session:
                after = await session.scalar(sa.text(signed))
            assert after > before, name
            before = after

    async def test_waits_when_it_asks_too_often(self, fairview, monkeypatch):
        monkeypatch.setitem(limits.LIMITS, "api", (3, 60.0))
        answers = [await fairview.get("/accounts") for _ in range(4)]
        assert [a.status_code for a in answers] == [200, 200, 200, 429]
        assert answers[-1].headers["retry-after"] == "60"

    async def test_guessing_shuts_the_door_to_the_guesser(self, client, world):
        guesser = System(client, "outreach_guess")
        tried = [(await guesser.get("/accounts")).status_code for _ in range(limits.LIMITS["dead_key"][0] + 1)]
        assert tried[-2:] == [401, 429]


class TestTheDocument:
    async def test_is_open_and_loads_nothing_from_elsewhere(self, client):
        answer = await client.get("/api/v1/openapi.json")
        assert (answer.status_code, answer.json()["servers"]) == (200, [{"url": "/api/v1"}])
        for page in ("/docs", "/redoc"):
            assert (await client.get(f"/api/v1{page}")).status_code == 401

    def test_is_the_published_contract(self, app):
        """Changed on purpose? `python -m tests.api.contract` writes it anew; say what changed in the CHANGELOG."""
        made = next(route.app for route in app.routes if route.path == "/api/v1")
        assert contract.text(made) == contract.FILE.read_text(encoding="utf-8")
        assert f"`/api/v1` {api.VERSION}" in Path("CHANGELOG.md").read_text(encoding="utf-8")

    async def test_a_body_without_end_is_cut_off(self, fairview):
        async def endless():
            for _ in range(20):
                yield b" " * 2**20

        answer = await fairview.ask("POST", "/payments", content=endless())
        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")

    async def test_every_refusal_has_one_shape(self, fairview):
        for answer in (
            await fairview.get("/nothing"), await fairview.ask("PUT", "/accounts", json={}), await fairview.get("/accounts/x"),
            await fairview.post("/payments", {}), await fairview.post("/payments", {}, key=""),
            await fairview.get("/accounts", limit=0), await fairview.ask("POST", "/payments", content=b"{"),
        ):  # fmt: skip
            assert answer.headers["content-type"] == "application/problem+json", answer.text
            said = answer.json()
            assert (said["status"], said["type"][:21]) == (answer.status_code, "urn:outreach:problem:")
            assert said["detail"].endswith(".")
