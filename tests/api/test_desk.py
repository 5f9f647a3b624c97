"""What colleagues see and do about creditors' systems: the commands and the administrators' page."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys

import pytest
import sqlalchemy as sa

from outreach.disputes import service as disputes
from outreach.partners import keys
from outreach.staff import service as staff
from outreach.web import console
from tests.api.conftest import System


@pytest.fixture
def outreach(database):
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "outreach", "keys", *arguments],
            env={**os.environ, "OUTREACH_DATABASE_URL": database.url},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def enter(app, client, context, world):
    """`await enter("ada@example.com", "admin")`: the same application's client, signed in."""
    app.include_router(console.router())

    async def sign_in(email: str, role: str) -> None:
        async with context.session() as session:
            await staff.add(session, now=context.now(), email=email, role=role, actor="system:test")
            token = await staff.link(session, now=context.now(), email=email, actor="system:test")
        await client.post(f"/console/sign-in/{token}")

    return sign_in


async def test_a_key_is_made_used_listed_and_revoked(outreach, client, world):
    done = outreach("add", "Fairview Medical Group", "--name", "ledger", "--scope", "accounts:read", "--json")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    system = System(client, made["token"])
    assert (await system.get("/accounts/FMG-1")).status_code == 200
    listed = outreach("list", "--json").stdout
    assert made["token"] not in listed
    assert [(k["id"], k["scopes"]) for k in json.loads(listed)] == [(made["id"], ["accounts:read"])]
    assert outreach("revoke", str(made["id"])).returncode == 0
    assert (await system.get("/accounts/FMG-1")).status_code == 401


def test_what_cannot_be_made_is_said_in_a_sentence(outreach):
    done = outreach("add", "Fairview", "--scope", "everything", "--name", "x")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert [line.split()[0] for line in outreach("scopes").stdout.splitlines()] == list(keys.SCOPES)


async def test_an_administrator_sees_keys_and_addresses_and_ends_them(enter, client, fairview):
    await fairview.post("/endpoints", {"url": "https://hooks.fairview.example/in", "events": ["account.paid"]})
    await enter("ada@example.com", "admin")
    page = (await client.get("/console/systems")).text
    for words in ("ledger", "hooks.fairview.example", "account.paid", "accounts:read"):
        assert words in page
    assert fairview.token not in page
    await client.post("/console/systems/endpoints/1/end")
    await client.post(f"/console/systems/keys/{fairview.key_id}/revoke")
    page = (await client.get("/console/systems")).text
    assert "hooks.fairview.example" not in page
    assert "revoked" in page
    assert (await fairview.get("/accounts")).status_code == 401
    assert (await client.post(f"/console/systems/keys/{fairview.key_id}/revoke")).status_code == 404


async def test_a_creditors_proof_lies_before_the_person_who_answers(enter, client, context, fairview, world):
    async with context.session() as session:
        opened = await disputes.open(
            session, now=context.now(), account_id=world["FMG-1"], via="sms", actor="debtor:1", reason="not_mine"
        )
    file = {"name": "bill.pdf", "content_base64": base64.b64encode(b"%PDF-1 <script>").decode()}
    await fairview.post(f"/disputes/{opened.id}/proof", {"words": "The <b>signed</b> bill", "file": file})
    await enter("ana@example.com", "case_manager")
    page = (await client.get(f"/console/cases/{opened.case_id}")).text
    assert "The &lt;b&gt;signed&lt;/b&gt; bill" in page
    found = await client.get("/console/proofs/1")
    assert (found.content, found.headers["content-type"]) == (b"%PDF-1 <script>", "application/octet-stream")
    assert found.headers["content-disposition"].startswith("attachment")
    async with context.session() as session:
        seen = await session.scalar(sa.text("select count(*) from audit_entry where action = 'view.proof'"))
    assert seen == 1
