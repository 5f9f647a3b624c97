"""One mail against a real SMTP server: every phase a connection can be lost in, and what is certain then."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import channels
from channels.carrier import Faults, Rule
from channels.contract import Busy, FailureClass, Misconfigured, Refused, SendError, Unsure
from tests.channels.conftest import MAIL

#: rule, the error it becomes, code, was it accepted
ANSWERS: list[tuple[dict[str, Any], type[SendError], str, bool]] = [
    ({"fault": "drop", "at": "rcpt"}, Busy, "", False),
    ({"fault": "drop", "at": "data"}, Unsure, "", False),
    ({"fault": "drop", "at": "dot"}, Unsure, "", True),
    ({"fault": "hang", "at": "rcpt", "seconds": 3}, Busy, "", False),
    ({"fault": "hang", "at": "dot", "seconds": 3}, Unsure, "", True),
    ({"fault": "greylist"}, Busy, "4.2.0", False),
    ({"fault": "refuse", "at": "rcpt", "code": 550, "status_code": "5.1.1"}, Refused, "5.1.1", False),
    ({"fault": "refuse", "at": "rcpt", "code": 452, "status_code": "4.2.2"}, Busy, "4.2.2", False),
    ({"fault": "refuse", "at": "dot", "code": 554, "status_code": "5.7.1"}, Refused, "5.7.1", False),
    ({"fault": "refuse", "at": "dot", "code": 550, "status_code": "5.7.26"}, Misconfigured, "5.7.26", False),
    ({"fault": "refuse", "at": "dot", "code": 451, "status_code": "4.3.0"}, Busy, "4.3.0", False),
]


@pytest.mark.parametrize(("rule", "kind", "code", "accepted"), ANSWERS)
async def test_every_phase_has_its_error_and_only_the_payload_makes_us_unsure(
    carrier, mail, rule, kind, code, accepted
):
    adapter = channels.build(MAIL | {"smtp_url": carrier.values["smtp_url"] + "?timeout=1"})["email"]
    carrier.set_faults(Faults(mail=(Rule(**rule),)))
    with pytest.raises(kind) as caught:
        await adapter.send(mail())
    await adapter.aclose()
    assert caught.value.code == code or not code
    assert bool(carrier.ledger.accepted("mail")) is accepted
    assert len(carrier.ledger.entries) == 1


async def test_a_mail_arrives_as_it_was_meant(carrier, email, mail):
    message = mail(subject="Überraschung für Dana")
    sent = await email.send(message)
    (entry,) = carrier.ledger.accepted("mail")
    assert entry.message_id == sent.provider_id == f"<{message.message_id}@mail.fairview.example>"
    assert entry.sender.startswith(f"bounce+{message.message_id.hex}.1.")
    assert entry.sender.endswith("@bounces.fairview.example")
    (got,) = carrier.mailboxes.by_address["dana.holloway@mail.example"]
    shown = got.opened()
    assert shown["subject"] == "Überraschung für Dana"
    assert shown["from"] == "Fairview Service <service@mail.fairview.example>"
    assert shown["reply_to"] == message.reply_to
    assert "please have a look" in shown["text"]
    headers = dict(shown["headers"])
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_a_refused_mail_leaves_the_connection_fit_for_the_next_one(carrier, email, mail):
    carrier.set_faults(Faults(mail=(Rule(fault="refuse", at="rcpt", to="nobody"),)))
    for _ in range(5):
        with pytest.raises(Refused) as caught:
            await email.send(mail(to="nobody@mail.example"))
        assert caught.value.failure is FailureClass.PERM_ADDR
        await email.send(mail())
    assert len(carrier.ledger.accepted("mail")) == 5


async def test_many_mails_share_few_connections(carrier, email, mail):
    await asyncio.gather(*(email.send(mail(to=f"p{n}@mail.example")) for n in range(300)))
    assert len({e.to for e in carrier.ledger.accepted("mail")}) == 300
    assert len(email._relay._idle) <= 16


async def test_a_relay_that_cannot_be_reached_has_certainly_not_sent(mail):
    adapter = channels.build(MAIL | {"smtp_url": "smtp://127.0.0.1:9"})["email"]
    with pytest.raises(Busy):
        await adapter.send(mail())


@pytest.mark.parametrize(
    "values", [{"subject": "a\r\nBcc: all@mail.example"}, {"reply_to": "x\ny"}, {"subject": "a\x00"}]
)
async def test_a_line_break_in_a_header_never_leaves(carrier, email, mail, values):
    with pytest.raises(Refused) as caught:
        await email.send(mail(**values))
    assert caught.value.failure is FailureClass.BUG
    assert not carrier.ledger.entries


async def test_a_page_that_is_too_large_is_refused(email, mail):
    with pytest.raises(Refused) as caught:
        await email.send(mail(html="x" * 100_001))
    assert caught.value.failure is FailureClass.CONTENT
