"""The way in: one link, one use, one button; the way out ends the session on the server (ASVS 6.5, 7.2, 7.4)."""

from __future__ import annotations

import re

from outreach.staff import service as staff
from outreach.web.console import guard


async def link(context, nick: str) -> str:
    async with context.session() as session:
        return str(await staff.link(session, now=context.now(), email=f"{nick}@example.com", actor="system:test"))


class TestALink:
    async def test_is_not_spent_by_looking(self, enter, context, office):
        token, client = await link(context, "ana"), await enter()
        for _ in range(3):
            page = await client.get(f"/console/sign-in/{token}")
            assert page.status_code == 200
            assert guard.COOKIE not in client.cookies
        assert (await client.post(f"/console/sign-in/{token}")).status_code == 303

    async def test_works_once(self, enter, context, office):
        token, client = await link(context, "ana"), await enter()
        await client.post(f"/console/sign-in/{token}")
        again = await client.post(f"/console/sign-in/{token}")
        assert again.status_code == 410
        assert "used or has expired" in again.text

    async def test_is_asked_for_without_learning_who_is_known(self, enter):
        client = await enter()
        known = await client.post("/console/sign-in", data={"email": "ana@example.com"})
        unknown = await client.post("/console/sign-in", data={"email": "nobody@example.com"})
        assert (known.status_code, known.text) == (unknown.status_code, unknown.text)


class TestASession:
    async def test_gets_a_fresh_token_at_sign_in(self, enter, context, office):
        client = await enter()
        client.cookies.set(guard.COOKIE, "fixed-by-someone", domain="test", path="/console")
        await client.post(f"/console/sign-in/{await link(context, 'ana')}")
        assert "fixed-by-someone" not in [c.value for c in client.cookies.jar if c.value and len(c.value) > 20]

    async def test_ends_on_the_server_when_signed_out(self, enter):
        ana = await enter("ana")
        kept = ana.cookies[guard.COOKIE]
        await ana.post("/console/sign-out")
        ana.cookies.set(guard.COOKIE, kept, domain="test", path="/console")
        answer = await ana.get("/console/queue")
        assert answer.headers["location"] == guard.SIGN_IN

    async def test_follows_a_changed_role_at_once(self, enter, context):
        ana = await enter("ana")
        assert (await ana.get("/console/audit")).status_code == 403
        async with context.session() as session:
            await staff.add(session, now=context.now(), email="ana@example.com", role="compliance", actor="system:test")
        assert (await ana.get("/console/audit")).status_code == 200

    async def test_ends_when_the_colleague_is_barred(self, enter, office):
        ana, ada = await enter("ana"), await enter("ada")
        await ada.post(f"/console/users/{office['staff']['ana']}/disable")
        assert (await ana.get("/console/queue")).status_code == 303

    async def test_keeps_its_cookie_from_scripts(self, enter, context, office):
        client = await enter()
        answer = await client.post(f"/console/sign-in/{await link(context, 'ana')}")
        said = answer.headers["set-cookie"].lower()
        assert "httponly" in said
        assert "samesite=lax" in said
        assert re.search(r"path=/console", said)


class TestEveryPage:
    async def test_has_a_strict_policy_and_is_never_cached(self, enter):
        ana = await enter("ana")
        answer = await ana.get("/console/queue")
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", answer.text)

    async def test_refuses_a_form_from_another_site(self, enter, office):
        ana = await enter("ana")
        answer = await ana.post(f"/console/cases/{office['cases'][0]}/claim", headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403
