"""What leaves: told at least once, signed, in order, and never to an address inside."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from aiohttp import web

from outreach import audit
from outreach.accounts.models import HoldReason
from outreach.messages import silence
from outreach.partners import delivery, events, jobs, wire
from tests import cast as people
from tests.api.conftest import enrol, publish, told
from tests.api.receiver import Receiver, genuine


class Killed(BaseException):
    """A process that dies here."""


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    app = web.Application()
    app.router.add_post("/{tail:.*}", made.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/in"
    yield made
    await runner.cleanup()


async def deliver(context, *, later: timedelta = timedelta(), loopback: bool = True) -> int:
    async with wire.Caller(loopback=loopback) as caller:
        return await delivery.deliver(context, now=context.now() + later, caller=caller)


async def endpoint(system, receiver, **wish) -> dict:
    answer = await system.post("/endpoints", {"url": receiver.url, **wish})
    assert answer.status_code == 201, answer.text
    return answer.json()


def payment(n: int) -> dict:
    return {"account_ref": "FMG-1", "amount_cents": 100, "paid_at": "2026-03-10", "reference": f"P-{n}"}


async def row(context, sql="select * from partner_delivery"):
    async with context.session() as session:
        return (await session.execute(sa.text(sql))).mappings().one()


class TestTelling:
    async def test_what_happened_arrives_signed_and_once(self, fairview, context, receiver):
        secret = (await endpoint(fairview, receiver))["secret"]
        await fairview.post("/payments", payment(1))
        assert await publish(context) == 1
        assert await deliver(context) == 1
        assert await deliver(context) == await publish(context) == 0
        [(headers, body)] = receiver.taken
        assert genuine(secret, headers, body)
        assert not genuine(secret, headers, body + b" ")
        assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
        [event] = receiver.events()
        assert (event["id"], event["type"]) == (headers["webhook-id"], "payment.recorded")
        assert event["data"] == {
            "account": "FMG-1", "by": "creditor", "reference": "P-1", "amount_cents": 100, "paid_at": "2026-03-10T12:00:00Z",
        }  # fmt: skip
        assert (await fairview.get("/events")).json()["events"] == [event]

    async def test_only_what_was_wished_for_and_only_to_the_creditor(self, fairview, lakeside, context, receiver):
        await endpoint(fairview, receiver, events=["account.recalled"])
        await endpoint(lakeside, receiver)
        await fairview.post("/payments", payment(1))
        await fairview.post("/accounts/FMG-1/recall")
        await publish(context)
        await deliver(context)
        assert receiver.types() == ["account.recalled"]
        assert await told(lakeside) == []

    async def test_a_trial_arrives_and_stands_in_no_feed(self, fairview, context, receiver):
        made = await endpoint(fairview, receiver, events=["account.paid"])
        answer = await fairview.post(f"/endpoints/{made['id']}/test")
        assert answer.status_code == 202
        await deliver(context)
        assert [(e["id"], e["type"]) for e in receiver.events()] == [(answer.json()["event"], "endpoint.test")]
        assert await told(fairview) == []

    async def test_a_changed_secret_and_the_old_one_sign_together_for_a_day(self, fairview, context, receiver):
        made = await endpoint(fairview, receiver)
        new = (await fairview.post(f"/endpoints/{made['id']}/secret")).json()["secret"]
        for later in (timedelta(), timedelta(days=2)):
            await fairview.post(f"/endpoints/{made['id']}/test")
            await deliver(context, later=later)
        both, one = receiver.taken
        assert (genuine(made["secret"], *both), genuine(new, *both)) == (True, True)
        assert (genuine(made["secret"], *one), genuine(new, *one)) == (False, True)

    async def test_an_ended_endpoint_hears_nothing_more(self, fairview, context, receiver):
        made = await endpoint(fairview, receiver)
        await fairview.post(f"/endpoints/{made['id']}/test")
        await fairview.delete(f"/endpoints/{made['id']}")
        assert await deliver(context) == 0
        assert (await fairview.get("/endpoints")).json() == {"endpoints": []}


class TestTrouble:
    async def test_it_is_told_again_with_the_same_id_until_it_is_taken(self, fairview, context, receiver):
        await endpoint(fairview, receiver)
        receiver.answers = [500, 410, 404]
        await fairview.post("/payments", payment(1))
        await publish(context)
        assert await deliver(context) == 1
        assert await deliver(context) == 0  # not before its time
        later = timedelta()
        for wait in (*delivery.WAITS[:3],):
            later += wait + timedelta(seconds=1)
            assert await deliver(context, later=later) == 1
        assert len({headers["webhook-id"] for headers, _ in receiver.taken}) == 1
        assert (await row(context))["status"] == "delivered"

    async def test_after_three_days_it_is_parked_shown_and_can_be_replayed(self, fairview, context, receiver):
        made = await endpoint(fairview, receiver)
        receiver.answers = [503] * 100
        await fairview.post("/payments", payment(1))
        await publish(context)
        later, tries = timedelta(), 0
        while (await row(context))["status"] == "waiting":
            assert later < timedelta(days=4)
            tries += await deliver(context, later=later)
            later += timedelta(hours=8)
        assert timedelta(days=2) < later
        assert tries >= 9
        [shown] = (await fairview.get("/endpoints")).json()["endpoints"]
        assert (shown["parked"], shown["waiting"], shown["answer"]) == (1, 0, "503")
        receiver.answers = []
        assert (await fairview.post(f"/endpoints/{made['id']}/replay", {"after": "evt_0"})).json() == {"queued": 1}
        await deliver(context, later=later)
        assert (await row(context))["status"] == "delivered"

    async def test_a_lost_worker_costs_a_wait_and_no_event(self, fairview, context, receiver):
        await endpoint(fairview, receiver)
        await fairview.post("/payments", payment(1))
        await publish(context)

        class Dies(wire.Caller):
            async def post(self, *_, **__):
                raise Killed

        with pytest.raises(Killed):
            async with Dies() as caller:
                await delivery.deliver(context, now=context.now(), caller=caller)
        assert await deliver(context) == 0
        assert await deliver(context, later=timedelta(seconds=11)) == 1
        assert receiver.types() == ["payment.recorded"]

    async def test_two_workers_tell_each_event_once(self, fairview, context, receiver):
        await endpoint(fairview, receiver)
        for n in range(6):
            await fairview.post("/placements", {"rows": [
                {"account_ref": f"W-{n}", "debtor_ref": f"w{n}", "first_name": "A", "last_name": "B", "balance": "5"}]})  # fmt: skip
            await fairview.post(f"/accounts/W-{n}/recall")
        assert await publish(context) == 6
        await asyncio.gather(*(deliver(context) for _ in range(4)))
        ids = [headers["webhook-id"] for headers, _ in receiver.taken]
        assert len(ids) == len(set(ids)) == 6

    async def test_a_dead_endpoint_holds_up_nobody_else(self, fairview, context, receiver):
        await fairview.post("/endpoints", {"url": "http://127.0.0.1:9/dead"})
        await endpoint(fairview, receiver)
        for n in range(3):
            await fairview.post("/payments", payment(n))
            await publish(context)
        while await deliver(context):
            pass
        assert receiver.types() == ["payment.recorded"] * 3
        dead, well = (await fairview.get("/endpoints")).json()["endpoints"]
        assert (dead["waiting"], well["waiting"]) == (3, 0)
        assert dead["answer"].startswith("no connection")
        assert dead["failing_since"] is not None

    async def test_the_jobs_do_it_by_themselves(self, fairview, context, receiver):
        await endpoint(fairview, receiver)
        await fairview.post("/payments", payment(1))
        async with context.engine.begin() as connection:
            await audit.seal(connection, now=context.now(), secret=context.key)
        for job in (jobs.publish, jobs.deliver, jobs.forget):
            await job(context)
        assert receiver.types() == ["payment.recorded"]

    async def test_what_another_creditor_reported_is_not_called_ones_own(self, fairview, context, world):
        """A fact of law is the person's: both creditors hear of it, each its own part."""
        async with context.session() as session:
            debt = {"debtor_id": world["dana"], "creditor_id": world["Lakeside Utilities"], "ref": "LSU-2"}
            await people.account(session, now=context.now(), **debt)
        lakeside = await enrol(context, fairview.client, "Lakeside Utilities")
        await fairview.post("/accounts/FMG-1/holds", {"ground": "bankruptcy", "note": "CANARY"})
        await publish(context)
        for system, by in ((fairview, "creditor"), (lakeside, "service")):
            assert [(kind, data["by"]) for kind, data in await told(system)] == [("hold.placed", by)]
        answer = await lakeside.get("/accounts/LSU-2")
        assert [(h["reason"], h["yours"]) for h in answer.json()["holds"]] == [("bankruptcy", False)]
        assert "CANARY" not in answer.text

    async def test_an_accounts_events_wait_for_the_one_before(self, fairview, context, receiver):
        await endpoint(fairview, receiver)
        receiver.answers = [500]
        for n in (1, 2):
            await fairview.post("/payments", payment(n))
        await publish(context)
        assert await deliver(context) == 1
        assert await deliver(context) == 0
        for later in (11, 12):
            assert await deliver(context, later=timedelta(seconds=later)) == 1
        assert [event["data"]["reference"] for event in receiver.events()] == ["P-1", "P-1", "P-2"]

    async def test_a_long_answer_and_a_redirect_are_not_read(self, fairview, context, receiver):
        await endpoint(fairview, receiver)
        receiver.answers = ["http://127.0.0.1:1/elsewhere", 200]
        await fairview.post("/payments", payment(1))
        await publish(context)
        await deliver(context)
        assert (await row(context))["answer"] == "307"
        await deliver(context, later=timedelta(seconds=11))
        assert (await row(context))["status"] == "delivered"
        assert len(receiver.taken) == 2

    async def test_no_transaction_is_open_while_the_other_side_is_on_the_line(self, fairview, context, receiver):
        await endpoint(fairview, receiver)
        await fairview.post("/payments", payment(1))
        await publish(context)
        seen = []

        class Looks(wire.Caller):
            async def post(self, url, **more):
                async with context.engine.connect() as connection:
                    seen.append(await connection.scalar(sa.text(
                        "select count(*) from pg_stat_activity where datname = current_database()"
                        " and xact_start is not null and pid <> pg_backend_pid()"
                    )))  # fmt: skip
                return await super().post(url, **more)

        async with Looks(loopback=True) as caller:
            await delivery.deliver(context, now=context.now(), caller=caller)
        assert seen == [0]


class TestEvents:
    async def test_a_refusal_and_a_fact_of_law_are_told_to_every_creditor_of_the_person(self, fairview, context, world):
        async with context.session() as session:
            given = {"now": context.now(), "debtor_id": world["dana"], "actor": "debtor:1"}
            await silence.opt_out(session, medium="sms", via="sms", words="STOP you CANARY", **given)
            await silence.hold(session, reason=HoldReason.ATTORNEY, note="Jane CANARY", **given)
            await silence.release(session, reason=HoldReason.ATTORNEY, why="CANARY", **given)
        await publish(context)
        assert await told(fairview) == [
            ("contact.stopped", {"account": "FMG-1", "by": "service", "medium": "sms"}),
            ("hold.placed", {"account": "FMG-1", "by": "service", "reason": "attorney"}),
            ("hold.released", {"account": "FMG-1", "by": "service", "reason": "attorney"}),
        ]
        assert "CANARY" not in (await fairview.get("/events")).text

    async def test_nothing_is_passed_over_when_an_earlier_act_commits_later(self, fairview, context, world):
        """Ids are given before the commit: a cursor over them would step over the slow one."""
        mara = {"account_ref": "FMG-2", "debtor_ref": "mara", "first_name": "Mara", "last_name": "Lind", "balance": "5"}
        await fairview.post("/placements", {"rows": [mara]})
        async with context.session() as slow:
            given = {"now": context.now(), "debtor_id": world["dana"], "actor": "debtor:1"}
            await silence.opt_out(slow, medium="sms", via="sms", **given)
            await fairview.post("/accounts/FMG-2/holds", {"ground": "other"})
            assert await publish(context) == 1
        await publish(context)
        assert sorted(kind for kind, _ in await told(fairview)) == ["contact.stopped", "hold.placed"]

    async def test_the_feed_is_read_in_pages_and_by_type(self, fairview, context):
        for n in range(5):
            await fairview.post("/payments", payment(n))
        await fairview.post("/accounts/FMG-1/recall")
        await publish(context)
        first = (await fairview.get("/events", limit=3)).json()
        rest = (await fairview.get("/events", after=first["next"])).json()
        assert [e["data"].get("reference") for e in first["events"] + rest["events"]] == [
            *(f"P-{n}" for n in range(5)),
            None,
        ]
        assert (await fairview.get("/events", after=rest["next"])).json() == {"events": [], "next": rest["next"]}
        assert [kind for kind, _ in await told(fairview, types="account.recalled")] == ["account.recalled"]
        assert (await fairview.get("/events", types="nonsense")).status_code == 422

    async def test_old_events_are_forgotten_with_their_deliveries(self, fairview, context, receiver):
        await endpoint(fairview, receiver)
        await fairview.post("/payments", payment(1))
        await publish(context)
        async with context.session() as session:
            assert await events.forget(session, now=context.now() + timedelta(days=89)) == 0
            assert await events.forget(session, now=context.now() + timedelta(days=91)) == 1
        assert await told(fairview) == []


class TestWhereItMayLead:
    @pytest.mark.parametrize(
        "address",
        """127.0.0.1 127.8.8.8 10.0.0.5 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1
        240.0.0.1 255.255.255.255 192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.5 ::1 :: fe80::1 fc00::1 fd12:3456::1
        ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1 2002:7f00:1:: 2001:0:7f00:1:: 2001:db8::1
        fec0::1 fe80::1%eth0""".split(),
    )
    def test_not_inside(self, address):
        assert not wire.public(address)

    @pytest.mark.parametrize(
        "address", ["8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"]
    )
    def test_outside(self, address):
        assert wire.public(address)

    @pytest.mark.parametrize(
        "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "127.1"]
    )
    async def test_no_way_of_writing_it_leads_inside(self, receiver, host):
        port = receiver.url.split(":")[2].split("/")[0]
        async with wire.Caller() as caller:
            answer = await caller.post(f"https://{host}:{port}/in", body=b"{}", headers={})
        assert answer.startswith(("refused", "no connection"))
        assert receiver.taken == []

    async def test_nothing_leaves_in_clear(self):
        async with wire.Caller() as caller:
            assert await caller.post("http://hooks.example.com/", body=b"{}", headers={}) == "refused: not https"

    async def test_a_name_that_resolves_inside_is_refused_at_the_connection(self, receiver, monkeypatch):
        """The address is judged where the socket is made, so a name that changes its mind in between gains nothing."""
        port = int(receiver.url.split(":")[2].split("/")[0])
        inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: inside)
        async with wire.Caller() as caller:
            answer = await caller.post(f"https://hooks.fairview.example:{port}/in", body=b"{}", headers={})
        assert answer == "refused: not a public address"
        assert receiver.taken == []

    async def test_only_https_outside_development(self, fairview, context, monkeypatch):
        monkeypatch.setattr(context.settings, "public_url", "https://us.example")
        for url in (
            "http://hooks.example.com/", "ftp://hooks.example.com/", "https://", "https://u:p@hooks.example.com/",
         "https://hooks.example.com/#x", "https://hooks.example.com:0/", "https://hooks.example.com:99999/", "javascript:1",
         "https://hooks.example.com/ x", "//hooks.example.com", "https://[::1"
        ):  # fmt: skip
            answer = await fairview.post("/endpoints", {"url": url})
            assert answer.status_code == 422, (url, answer.text)
