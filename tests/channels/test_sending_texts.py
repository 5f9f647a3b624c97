"""One text message against a real HTTP server: what every answer means, and that there is never a second POST."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import channels
from channels.carrier import Carrier, Faults, Rule
from channels.contract import Busy, FailureClass, Misconfigured, OptedOut, Refused, SendError, Unsure, utc_now
from channels.sms import http
from tests.channels.conftest import twilio

#: fault, the error it becomes, code of the error, was it accepted
ANSWERS: list[tuple[dict[str, Any], type[SendError], str, bool]] = [
    ({"fault": "error_before", "status": 500}, Unsure, "500", False),
    ({"fault": "error_before", "status": 503}, Unsure, "503", False),
    ({"fault": "error_after", "status": 502}, Unsure, "502", True),
    ({"fault": "reset_before"}, Unsure, "ServerDisconnectedError", False),
    ({"fault": "reset_after"}, Unsure, "ServerDisconnectedError", True),
    ({"fault": "hang_after", "seconds": 2}, Unsure, "", True),
    ({"fault": "broken_json"}, Unsure, "201", True),
    ({"fault": "html"}, Unsure, "201", True),
    ({"fault": "throttle", "seconds": 7}, Busy, "20429", False),
    ({"fault": "throttle", "seconds": 0}, Busy, "20429", False),
    ({"fault": "refuse", "code": 21211}, Refused, "21211", False),
    ({"fault": "refuse", "code": 21610}, OptedOut, "21610", False),
    ({"fault": "refuse", "code": 21611}, Busy, "21611", False),
    ({"fault": "refuse", "code": 21606}, Misconfigured, "21606", False),
    ({"fault": "refuse", "code": 21408}, Refused, "21408", False),
    ({"fault": "refuse", "code": 21999}, Refused, "21999", False),
]


@pytest.mark.parametrize(("rule", "kind", "code", "accepted"), ANSWERS)
async def test_every_answer_becomes_the_error_that_says_what_to_do_after_exactly_one_post(
    carrier, sms, text, monkeypatch, rule, kind, code, accepted
):
    monkeypatch.setattr(sms._http._session, "_timeout", http.aiohttp.ClientTimeout(total=1))
    carrier.set_faults(Faults(sms=(Rule(**rule),)))
    with pytest.raises(kind) as caught:
        await sms.send(text())
    assert caught.value.code == code or not code
    assert len(carrier.ledger.entries) == 1
    assert bool(carrier.ledger.accepted("sms")) is accepted


async def test_a_message_is_accepted_with_the_sid_and_all_that_belongs_to_a_request(carrier, sms, text):
    message = text(callback_url="http://127.0.0.1:9/hooks/sms?message=x&attempt=1")
    sent = await sms.send(message)
    (entry,) = carrier.ledger.accepted("sms")
    assert (entry.id, entry.to, entry.body) == (sent.provider_id, message.to, message.text)
    assert (entry.message_id, entry.attempt) == ("x", "1")
    assert entry.sender == carrier.account.service_sid
    assert carrier.texts.by_sid[sent.provider_id].validity == 36_000


async def test_the_callback_carries_message_and_attempt_when_the_application_names_none(carrier, text):
    adapter = channels.build(twilio(carrier, public_url="http://127.0.0.1:9"))["sms"]
    message = text(attempt=3)
    await adapter.send(message)
    await adapter.aclose()
    (entry,) = carrier.ledger.accepted("sms")
    assert (entry.message_id, entry.attempt) == (str(message.message_id), "3")


@pytest.mark.parametrize(("left", "validity"), [(61, 60), (3600, 3599), (86_400, 36_000)])
async def test_the_provider_may_hold_a_message_only_until_its_window_ends(carrier, sms, text, left, validity):
    sent = await sms.send(text(expires_at=utc_now() + timedelta(seconds=left)))
    assert carrier.texts.by_sid[sent.provider_id].validity == pytest.approx(validity, abs=1)


async def test_a_message_with_less_than_a_minute_left_never_leaves(carrier, sms, text):
    with pytest.raises(Refused) as caught:
        await sms.send(text(expires_at=utc_now() + timedelta(seconds=59)))
    assert caught.value.failure is FailureClass.NOT_SENT
    assert not carrier.ledger.entries


async def test_a_throttled_message_waits_as_long_as_it_was_told(carrier, sms, text):
    carrier.set_faults(Faults(sms=(Rule(fault="throttle", seconds=7),)))
    with pytest.raises(Busy) as caught:
        await sms.send(text())
    assert caught.value.after == timedelta(seconds=7)


async def test_a_provider_that_cannot_be_reached_has_certainly_not_sent(carrier, text):
    adapter = channels.build(twilio(carrier, twilio_base_url="http://127.0.0.1:9"))["sms"]
    with pytest.raises(Busy):
        await adapter.send(text())
    await adapter.aclose()


async def test_wrong_credentials_stop_the_lane(carrier, text):
    adapter = channels.build(twilio(carrier, twilio_auth_token="wrong"))["sms"]
    with pytest.raises(Misconfigured):
        await adapter.send(text())
    await adapter.aclose()


@pytest.mark.parametrize("fault", ["error_after", "reset_after", "broken_json", "html"])
async def test_an_unsure_message_is_found_in_the_providers_log_and_its_twin_is_not(carrier, sms, text, fault):
    carrier.set_faults(Faults(sms=(Rule(fault=fault, attempts=1),)))
    message, since = text(text="Case 4471: please call."), utc_now()
    with pytest.raises(Unsure):
        await sms.send(message)
    asked = {"message_id": message.message_id, "to": message.to, "since": since}
    found = await sms.lookup(**asked, body=message.text)
    assert found is not None
    assert found.provider_id == carrier.ledger.accepted("sms")[0].id
    assert found.message_id == message.message_id
    assert await sms.lookup(**asked, body="Case 4472: please call.") is None
    assert await sms.lookup(**(asked | {"since": since - timedelta(hours=1)}), body=message.text) is None


async def test_a_log_that_cannot_be_read_is_not_an_answer(carrier, text):
    adapter = channels.build(twilio(carrier, twilio_base_url="http://127.0.0.1:9"))["sms"]
    with pytest.raises(SendError):
        await adapter.lookup(message_id=text().message_id, to="+14155550134", since=utc_now(), body="x")
    await adapter.aclose()


async def test_the_log_is_read_page_by_page(carrier, sms, text):
    first = text(text="the first one")
    since = utc_now()
    await sms.send(first)
    for n in range(150):
        await sms.send(text(text=f"number {n}"))
    assert await sms.lookup(message_id=first.message_id, to=first.to, since=since, body=first.text) is not None


async def test_a_message_with_lost_callbacks_is_polled_by_its_sid(carrier, sms, text):
    sent = await sms.send(text())
    await carrier.settle()
    found = await sms.fetch(sent.provider_id)
    assert found is not None
    assert found.state == "delivered"
    assert await sms.fetch("SM" + "0" * 32) is None


async def test_what_people_wrote_while_we_were_away_can_be_caught_up(carrier, sms):
    since = utc_now() - timedelta(minutes=1)
    await carrier.debtor_texts(from_="+14155550134", body="STOP")
    await carrier.debtor_texts(from_="+14155550135", body="how much is it?")
    heard = await sms.inbound_since(since)
    assert [(i.sender, i.text) for i in heard] == [("+14155550134", "STOP"), ("+14155550135", "how much is it?")]


def test_a_channel_without_its_settings_is_there_but_off():
    assert set(channels.discover()) == {"sms", "email", "web"}


async def test_half_of_a_channels_settings_is_an_error_that_names_the_other_half():
    with pytest.raises(ValueError, match="OUTREACH_TWILIO_AUTH_TOKEN"):
        channels.build({"twilio_account_sid": "AC1"})
    assert set(channels.build({})) == {"web"}


async def test_a_restarted_carrier_is_a_new_one():
    async with Carrier() as one:
        port = one.http_url
    async with Carrier(port=int(port.rpartition(":")[2])) as two:
        assert two.http_url == port


async def test_a_permission_that_ran_out_keeps_every_byte_here(carrier, sms, text):
    async def refused() -> bool:
        return False

    with pytest.raises(Busy):
        await sms.send(text(may_start=refused))
    await sms.send(text())
    assert len(carrier.ledger.entries) == 1
