"""The same write again: one effect, one answer."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from outreach.partners import once
from tests.api.conftest import enrol

PAYMENT = {"account_ref": "FMG-1", "amount_cents": 100, "paid_at": "2026-03-10", "reference": "P-1"}
#: an effect with no protection of its own: each adjustment without a key would be another
ENDPOINT = {"url": "https://hooks.fairview.example/in"}


class Killed(BaseException):
    """A process that dies here."""


async def count(context, table):
    async with context.session() as session:
        return await session.scalar(sa.text(f"select count(*) from {table}"))


async def test_the_answer_is_given_again_byte_for_byte_also_a_secret(fairview, context):
    first = await fairview.post("/endpoints", ENDPOINT, key="e-1")
    again = await fairview.post("/endpoints", ENDPOINT, key="e-1")
    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, first.content)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert await count(context, "partner_endpoint") == 1
    async with context.session() as session:
        kept = bytes(await session.scalar(sa.text("select body from idempotency_key")))
        stored = bytes(await session.scalar(sa.text("select secret from partner_endpoint")))
    secret = first.json()["secret"].encode()
    assert secret not in kept
    assert secret not in stored


async def test_another_request_with_the_same_key_is_refused(fairview, context):
    await fairview.post("/payments", PAYMENT, key="one")
    for path, body in (("/payments", {**PAYMENT, "amount_cents": 200}), ("/endpoints", ENDPOINT)):
        answer = await fairview.post(path, body, key="one")
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:outreach:problem:key-reused")
    assert await count(context, "payment") == 1


async def test_two_systems_may_use_the_same_key(fairview, context, client):
    other = await enrol(context, client, "Fairview Medical Group")
    await fairview.post("/endpoints", ENDPOINT, key="same")
    answer = await other.post("/endpoints", ENDPOINT, key="same")
    assert "idempotent-replayed" not in answer.headers
    assert await count(context, "partner_endpoint") == 2


async def test_fifty_at_once_are_one_effect(fairview, context):
    answers = await asyncio.gather(*(fairview.post("/endpoints", ENDPOINT, key="rush") for _ in range(50)))
    done = [a for a in answers if a.status_code == 201]
    assert {a.status_code for a in answers} <= {201, 409}
    assert len({a.content for a in done}) == 1
    assert sum("idempotent-replayed" not in a.headers for a in done) == 1
    assert all(a.headers["retry-after"] == "1" for a in answers if a.status_code == 409)
    assert await count(context, "partner_endpoint") == await count(context, "idempotency_key") == 1
    late = await fairview.post("/endpoints", ENDPOINT, key="rush")
    assert late.content == done[0].content


async def test_one_payment_under_twenty_keys_at_once_is_one_payment(fairview, context):
    answers = await asyncio.gather(*(fairview.post("/payments", PAYMENT) for _ in range(20)))
    assert sorted(a.status_code for a in answers) == [200] * 19 + [201]
    assert await count(context, "payment") == 1


async def test_a_refused_request_leaves_nothing_and_is_judged_anew(fairview, context):
    early = await fairview.post("/payments", {**PAYMENT, "account_ref": "FMG-9"}, key="early")
    assert early.status_code == 404
    assert await count(context, "idempotency_key") == 0
    row = {"account_ref": "FMG-9", "debtor_ref": "m", "first_name": "M", "last_name": "L", "balance": "12.00"}
    await fairview.post("/placements", {"rows": [row]})
    assert (await fairview.post("/payments", {**PAYMENT, "account_ref": "FMG-9"}, key="early")).status_code == 201


async def test_effect_and_answer_are_kept_or_lost_together(fairview, context, monkeypatch):
    """The process dies between the effect and the answer: neither happened, and the repeat is the first."""

    async def die(*_, **__):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(once, "keep", die)
        with pytest.raises(Killed):
            await fairview.post("/payments", PAYMENT, key="cut")
    assert await count(context, "payment") == 0
    again = await fairview.post("/payments", PAYMENT, key="cut")
    assert (again.status_code, again.json()["created"]) == (201, True)


async def test_an_answer_sealed_with_a_lost_key_is_not_made_up(fairview, context):
    await fairview.post("/payments", PAYMENT, key="before")
    context.key = b"n" * 32
    answer = await fairview.post("/payments", PAYMENT, key="before")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:outreach:problem:sealed-elsewhere")
    assert await count(context, "payment") == 1


async def test_answers_are_forgotten_after_a_month(fairview, context):
    await fairview.post("/payments", PAYMENT, key="old")
    async with context.session() as session:
        assert await once.forget(session, now=context.now() + timedelta(days=29)) == 0
        assert await once.forget(session, now=context.now() + timedelta(days=31)) == 1


async def test_a_key_that_is_none_is_asked_for(fairview, context):
    for key in ("", " ", "a b", "x" * 201, "é"):
        answer = await fairview.ask("POST", "/payments", json=PAYMENT, key=key.encode("latin-1"))
        assert (answer.status_code, answer.json()["type"]) == (400, "urn:outreach:problem:key-missing"), key
    assert await count(context, "payment") == 0
