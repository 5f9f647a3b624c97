"""The local carrier: what it checks, tells, breaks on purpose and remembers."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from aiosmtpd.lmtp import LMTP

import channels
from channels.carrier import Callbacks, Carrier, Faults, Rule
from channels.contract import Hook, Inbound, OptedOut, Receipt, Refused, Unsure
from channels.email import hooks
from tests.channels.conftest import MAIL, twilio


@dataclass
class Service:
    """Where the carrier's webhooks and mail go: verifies and parses with the channels' own code."""

    adapter: channels.Channel
    url: str = ""
    events: list[Receipt | Inbound] = field(default_factory=list)
    mails: list[tuple[str, bytes]] = field(default_factory=list)
    lmtp: tuple[str, int] = ("", 0)
    answers: list[int] = field(default_factory=list)

    async def hook(self, request: web.Request) -> web.Response:
        read = Hook(
            method="POST",
            url=f"{self.url}{request.raw_path}",
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await request.read(),
        )
        self.adapter.verify(read)
        if self.answers:
            return web.Response(status=self.answers.pop())
        self.events += self.adapter.parse(read)
        return web.Response(status=204)

    async def handle_DATA(self, server, session, envelope):
        self.mails += [(recipient, envelope.content) for recipient in envelope.rcpt_tos]
        return "250 2.0.0 Kept"


@pytest.fixture
async def service(carrier) -> AsyncIterator[Service]:
    adapter = channels.build(twilio(carrier))["sms"]
    running = Service(adapter)
    app = web.Application()
    app.router.add_post("/hooks/sms", running.hook)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    loop = asyncio.get_running_loop()
    mail = await loop.create_server(lambda: LMTP(running, loop=loop, ident="x"), "127.0.0.1", 0)
    running.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    running.lmtp = ("127.0.0.1", mail.sockets[0].getsockname()[1])
    carrier.webhook_url, carrier.lmtp = f"{running.url}/hooks/sms", running.lmtp
    carrier.set_faults(quick())
    yield running
    mail.close()
    await runner.cleanup()
    await adapter.aclose()


def quick(**values) -> Faults:
    """A carrier that does not dawdle."""
    callbacks = values.pop("callbacks", {})
    return Faults(callbacks=Callbacks(**({"step_ms": (0, 5)} | callbacks)), **values)


async def sent(service: Service, carrier: Carrier, text, count: int = 1, **values) -> list[str]:
    """Messages through the real channel, and every callback that follows."""
    messages = [text(**values) for _ in range(count)]
    for message in messages:
        url = f"{service.url}/hooks/sms?message={message.message_id}&attempt={message.attempt}"
        await service.adapter.send(text(message_id=message.message_id, callback_url=url, **values))
    await carrier.settle()
    return [str(message.message_id) for message in messages]


async def test_a_text_is_told_of_until_it_arrived_in_callbacks_that_are_signed_and_carry_our_ids(
    service, carrier, text
):
    (message,) = await sent(service, carrier, text)
    assert sorted(e.state for e in service.events) == ["delivered", "queued", "sent"]
    assert {str(e.message_id) for e in service.events} == {message}
    assert {e.attempt for e in service.events} == {1}


async def test_callbacks_are_repeated_lost_and_shuffled_on_demand_and_no_state_goes_backwards(service, carrier, text):
    carrier.set_faults(quick(callbacks={"repeated": 1.0}))
    await sent(service, carrier, text)
    assert len(service.events) == 6
    assert len({e.event_key for e in service.events}) == 3
    service.events.clear()
    carrier.set_faults(quick(callbacks={"lost": 1.0}))
    await sent(service, carrier, text)
    assert not service.events
    carrier.set_faults(quick(callbacks={"shuffled": 1.0}))
    await sent(service, carrier, text, 5)
    assert len(service.events) == 15
    assert max(service.events[:3], key=lambda e: e.state.rank).state == "delivered"


async def test_an_undelivered_text_says_why(service, carrier, text):
    carrier.set_faults(quick(sms=(Rule(fault="undelivered", code=30006),)))
    await sent(service, carrier, text)
    assert [(e.state, e.failure, e.code) for e in service.events][-1] == ("failed", "perm_addr", "30006")


async def test_a_backlog_drops_what_waited_longer_than_it_may(service, carrier, text, monkeypatch):
    from datetime import timedelta

    from channels.carrier import delivery
    from channels.contract import utc_now

    waits: list[float] = []

    async def patient(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(delivery.asyncio, "sleep", patient)
    carrier.set_faults(quick(sms=(Rule(fault="backlog", seconds=7200),)))
    await sent(service, carrier, text, expires_at=utc_now() + timedelta(hours=1))
    assert max(waits) == pytest.approx(3599, abs=2)
    assert [(e.state, e.code) for e in service.events][-1] == ("failed", "30036")


async def test_a_webhook_that_is_down_is_tried_again(service, carrier, text):
    service.answers = [500, 500]
    assert await carrier.debtor_texts(from_="+14155550134", body="hello") == 204
    assert [e.text for e in service.events] == ["hello"]


async def test_a_stop_is_confirmed_by_the_carrier_which_blocks_until_a_start(service, carrier, text):
    await sent(service, carrier, text)
    await carrier.debtor_texts(from_="+14155550134", body=" stop. ")
    with pytest.raises(OptedOut):
        await service.adapter.send(text())
    await service.adapter.send(text(to="+14155550135"))
    await carrier.debtor_texts(from_="+14155550134", body="START")
    await service.adapter.send(text())
    heard = [(e.text, e.opt_out_type) for e in service.events if isinstance(e, Inbound)]
    assert heard == [(" stop. ", "STOP"), ("START", "START")]
    phone = [t.body for t in carrier.texts.by_phone["+14155550134"] if t.direction == "outbound-reply"]
    assert ["unsubscribed" in phone[0], "re-subscribed" in phone[1]] == [True, True]


@pytest.mark.parametrize("body", ["STOP PLEASE", "please stop", "yes", "Stop it", "no"])
async def test_more_than_one_word_is_no_stop_to_the_carrier(service, carrier, text, body):
    await carrier.debtor_texts(from_="+14155550134", body=body)
    assert service.events[-1].opt_out_type == ""
    await service.adapter.send(text())


async def test_without_its_own_stop_handling_the_carrier_only_passes_on(service, carrier, text):
    carrier.stop_handling = False
    await carrier.debtor_texts(from_="+14155550134", body="STOP")
    await service.adapter.send(text())
    assert service.events[0].opt_out_type == ""


async def test_a_debtors_mail_arrives_by_lmtp_with_its_dots_and_a_bounce_follows_a_mail(service, carrier, mail):
    assert (
        await carrier.debtor_mails(from_="dana@mail.example", to="reply+t@x.example", text="hi\n.\n..dot", subject="s")
        == 250
    )
    ((recipient, raw),) = service.mails
    assert recipient == "reply+t@x.example"
    (heard,) = hooks.parse(hooks.mail_hook(raw, recipient=recipient), secret="")
    assert heard.text == "hi\n.\n..dot"
    adapter = channels.build(MAIL | {"smtp_url": carrier.values["smtp_url"]})["email"]
    carrier.set_faults(quick(mail=(Rule(fault="bounce", seconds=0, status_code="5.1.1"),)))
    message = mail()
    await adapter.send(message)
    await adapter.aclose()
    await carrier.settle()
    recipient, raw = service.mails[-1]
    (told,) = hooks.parse(hooks.mail_hook(raw, recipient=recipient), secret=MAIL["secret_key"])
    assert (told.message_id, told.attempt, told.failure, told.address) == (
        message.message_id,
        1,
        "perm_addr",
        message.to,
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to": "4155550134"}, "21211"),
        ({"to": "+1"}, "21211"),
        ({"text": ""}, "21602"),
        ({"text": "x" * 1601}, "21617"),
        ({"callback_url": "ftp://x"}, "21609"),
        ({"callback_url": "http://under_score.example/"}, "21609"),
    ],
)
async def test_the_carrier_checks_what_the_provider_checks(carrier, sms, text, change, code):
    with pytest.raises(Refused) as caught:
        await sms.send(text(**change))
    assert caught.value.code == code
    assert [(e.outcome, e.code) for e in carrier.ledger.entries] == [("refused", code)]


async def test_what_goes_wrong_is_the_same_in_every_run_of_a_seed(text):
    async def run(seed: int) -> list[str]:
        outcomes = []
        async with Carrier(faults=Faults(seed=seed, sms=(Rule(fault="error_before", share=0.5),))) as one:
            adapter = channels.build(twilio(one))["sms"]
            for n in range(30):
                try:
                    await adapter.send(text(text=f"number {n}"))
                    outcomes.append("ok")
                except Unsure:
                    outcomes.append("unsure")
            await adapter.aclose()
        return outcomes

    first, again, other = await run(1), await run(1), await run(2)
    assert first == again != other
    assert {"ok", "unsure"} == set(first)


async def test_the_ledger_outlives_the_carrier(tmp_path, text):
    path = tmp_path / "ledger.jsonl"
    async with Carrier(ledger=path) as one:
        adapter = channels.build(twilio(one))["sms"]
        await adapter.send(text(text="Guten Tag, ñ"))
        await adapter.aclose()
        (line,) = path.read_text(encoding="utf-8").splitlines()
    entry = json.loads(line)
    assert (entry["outcome"], entry["body"], entry["kind"]) == ("accepted", "Guten Tag, ñ", "sms")
    assert entry["started_at"] <= entry["at"]


@pytest.mark.parametrize(
    "written",
    [
        "sms: [{fault: nonsense}]",
        "latency: 5",
        "sms: [{fault: refuse, share: 2}]",
        "mail: [{fault: drop, to: '('}]",
        "a: [",
    ],
)
def test_a_fault_nobody_knows_is_refused(tmp_path, written):
    path = tmp_path / "faults.yaml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(ValueError, match=r"."):
        Faults.read(path)


class TestThePeoplesTelephones:
    async def test_what_arrived_can_be_read_and_answered(self, service, carrier, text, email, mail):
        await sent(service, carrier, text)
        await email.send(mail())
        async with aiohttp.ClientSession(carrier.http_url) as http:
            phones = await (await http.get("/carrier/phones")).json()
            assert phones == [{"phone": "+14155550134", "messages": 1, "last": "Please call us."}]
            await http.post("/carrier/phones/+14155550134", json={"body": "how much?"})
            shown = await (await http.get("/carrier/phones/+14155550134")).json()
            assert [(t["body"], t["mine"]) for t in shown] == [("Please call us.", False), ("how much?", True)]
            (got,) = await (await http.get("/carrier/mailboxes/dana.holloway@mail.example")).json()
            answer = {"text": "who are you?", "reply_to_id": got["id"]}
            written = await http.post("/carrier/mailboxes/dana.holloway@mail.example", json=answer)
            assert (await written.json())["lmtp_code"] == 250
        assert service.events[-1].text == "how much?"
        recipient, raw = service.mails[-1]
        (heard,) = hooks.parse(hooks.mail_hook(raw, recipient=recipient), secret="")
        assert (heard.token, heard.text, heard.in_reply_to) == ("QWERTYuiop12345", "who are you?", [got["message_id"]])

    async def test_faults_and_addresses_can_be_set_while_it_runs(self, carrier):
        async with aiohttp.ClientSession(carrier.http_url) as http:
            put = await http.put("/carrier/faults", json={"sms": [{"fault": "refuse", "code": 30007}]})
            assert (await put.json())["sms"][0]["code"] == 30007
            assert (await http.put("/carrier/faults", json={"sms": [{"fault": "?"}]})).status == 422
            assert (await http.put("/carrier/faults", data="no json")).status == 400
            about = await (
                await http.put("/carrier/", json={"webhook_url": "http://x/", "lmtp": "127.0.0.1:24"})
            ).json()
            assert (about["webhook_url"], about["lmtp"]) == ("http://x/", "127.0.0.1:24")
            assert (await (await http.get("/carrier/ledger?since=0")).json()) == []


async def test_it_takes_thousands_with_hundreds_in_flight(carrier, sms, email, text, mail):
    carrier.set_faults(quick(latency_ms=(5, 20)))
    begun = time.perf_counter()
    slots = asyncio.Semaphore(300)

    async def one(adapter, message) -> None:
        async with slots:
            await adapter.send(message)

    texts = [one(sms, text(to=f"+1415{2000000 + n}")) for n in range(600)]
    mails = [one(email, mail(to=f"p{n}@mail.example", html="")) for n in range(600)]
    await asyncio.gather(*texts, *mails)
    assert len({e.to for e in carrier.ledger.accepted("sms")}) == 600
    assert len({e.to for e in carrier.ledger.accepted("mail")}) == 600
    assert time.perf_counter() - begun < 20
