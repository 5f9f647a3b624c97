"""What Twilio tells us: every trap of its signatures, every status, every kind of inbound message."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from starlette.datastructures import FormData

from channels.contract import FailureClass, Forged, Hook, Inbound, Receipt, ReceiptState
from channels.sms import hooks

FORM = "application/x-www-form-urlencoded"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
#: the provider's published example
FIELDS = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
JSON_BODY = b'{"property": "value", "boolean": true}'
JSON_URL = f"{URL}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
JSON_SIGNATURE = "a9nBmqA0ju/hNViExpshrM61xv4="


def hook(url: str = URL, *, body: bytes | None = None, kind: str = FORM, form: bool = False, **headers: str) -> Hook:
    """A request; `form` hands the fields over as the web framework would."""
    body = urlencode(FIELDS).encode() if body is None else body
    named = {name.replace("_", "-"): value for name, value in headers.items()} | {"content-type": kind}
    return Hook(method="POST", url=url, headers=named, body=body, form=FormData(list(FIELDS.items())) if form else None)


@pytest.mark.parametrize("form", [False, True])
def test_the_published_example_of_a_form_is_the_providers_own(form):
    hooks.verify(hook(form=form, x_twilio_signature=SIGNATURE), tokens=["12345"])


def test_the_published_example_of_json_is_the_providers_own():
    hooks.verify(
        hook(JSON_URL, body=JSON_BODY, kind="application/json", x_twilio_signature=JSON_SIGNATURE), tokens=["12345"]
    )


def test_the_next_token_is_good_while_the_tokens_are_being_changed():
    hooks.verify(hook(x_twilio_signature=SIGNATURE), tokens=["another", "12345"])


def test_repeated_and_empty_fields_are_covered():
    pairs = [("Body", ""), ("MediaUrl", "b"), ("MediaUrl", "a")]
    said = URL + "Body" + "MediaUrla" + "MediaUrlb"
    signature = base64.b64encode(hmac.new(b"12345", said.encode(), hashlib.sha1).digest()).decode()
    hooks.verify(hook(body=urlencode(pairs).encode(), x_twilio_signature=signature), tokens=["12345"])


FORGED = {
    "no signature": hook(),
    "an empty signature": hook(x_twilio_signature=""),
    "a signature of non-ASCII": hook(x_twilio_signature="ü"),
    "another signature": hook(x_twilio_signature=SIGNATURE[::-1]),
    "a changed field": hook(body=urlencode(FIELDS | {"Digits": "9999"}).encode(), x_twilio_signature=SIGNATURE),
    "a field more": hook(body=urlencode(FIELDS | {"Body": "x"}).encode(), x_twilio_signature=SIGNATURE),
    "another host": hook(URL.replace("mycompany", "evil"), x_twilio_signature=SIGNATURE),
    "another query": hook(URL.replace("foo=1", "foo=2"), x_twilio_signature=SIGNATURE),
    "plain text instead of a form": hook(kind="text/plain", x_twilio_signature=SIGNATURE),
    "JSON without a hash": hook(body=JSON_BODY, kind="application/json", x_twilio_signature=SIGNATURE),
    "a form with a hash": hook(JSON_URL, x_twilio_signature=JSON_SIGNATURE),
    "another JSON body": hook(JSON_URL, body=b"{}", kind="application/json", x_twilio_signature=JSON_SIGNATURE),
    "a body that is not UTF-8": hook(
        JSON_URL, body=b"\xff", kind="application/json", x_twilio_signature=JSON_SIGNATURE
    ),
    "a hash without a body": hook(JSON_URL, body=b"", kind="application/json", x_twilio_signature=JSON_SIGNATURE),
    "a hash of another kind": hook(
        f"{URL}&bodySHA256=", body=JSON_BODY, kind="application/json", x_twilio_signature="x"
    ),
    "1,001 fields": hook(body=urlencode([("a", "b")] * 1001).encode(), x_twilio_signature=SIGNATURE),
}


@pytest.mark.parametrize("what", FORGED)
def test_what_the_provider_did_not_sign_is_forged(what):
    with pytest.raises(Forged):
        hooks.verify(FORGED[what], tokens=["12345", ""])


def parsed(fields: dict[str, str], url: str = "https://us.example/hooks/sms") -> Receipt | Inbound:
    body = urlencode(fields).encode("utf-8", "surrogatepass")
    (event,) = hooks.parse(Hook(method="POST", url=url, headers={"content-type": FORM}, body=body))
    return event


STATES = [
    ("queued", ReceiptState.QUEUED),
    ("sending", ReceiptState.SENDING),
    ("sent", ReceiptState.SENT),
    ("delivered", ReceiptState.DELIVERED),
    ("undelivered", ReceiptState.FAILED),
    ("failed", ReceiptState.FAILED),
    ("canceled", ReceiptState.FAILED),
    ("read", ReceiptState.READ),
]


@pytest.mark.parametrize(("status", "state"), STATES)
def test_every_status_has_its_state_and_carries_our_own_ids(status, state):
    message = uuid4()
    event = parsed(
        {"MessageSid": "SM1", "MessageStatus": status, "To": "+1", "Unheard": "of"},
        f"https://us.example/hooks/sms?message={message}&attempt=2",
    )
    assert (event.state, event.message_id, event.attempt, event.provider_id) == (state, message, 2, "SM1")


def test_a_repeat_is_recognisable_and_an_error_says_what_it_means():
    fields = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30003"}
    assert parsed(fields).event_key == parsed(fields).event_key != parsed(fields | {"ErrorCode": "30005"}).event_key
    assert parsed(fields).failure is FailureClass.TEMP
    assert parsed(fields | {"ErrorCode": "21610"}).failure is FailureClass.OPT_OUT
    assert parsed(fields | {"ErrorCode": "39999"}).failure is FailureClass.TEMP
    assert parsed(fields | {"ErrorCode": "what?"}).failure is FailureClass.TEMP


@pytest.mark.parametrize("query", ["message=not-a-uuid&attempt=x", "attempt=99999999999", "message=", ""])
def test_ids_nobody_can_read_are_no_ids(query):
    event = parsed({"MessageSid": "SM1", "MessageStatus": "sent"}, f"https://us.example/hooks/sms?{query}")
    assert (event.message_id, event.attempt) == (None, None)


def test_words_from_a_person():
    event = parsed(
        {"MessageSid": "SM2", "From": "+1 (415) 555-0134", "To": "22000", "Body": "How\x00 much?", "NumMedia": "0"}
    )
    assert isinstance(event, Inbound)
    assert (event.sender, event.to, event.text) == ("+14155550134", "22000", "How much?")
    assert (event.provider_id, event.opt_out_type, event.attachments) == ("SM2", "", ())


def test_nul_is_dropped_wherever_it_stands_and_the_words_are_heard():
    found = parsed({"MessageSid": "SM\x001", "From": "+14155550123\x00", "Body": "ST\x00OP", "Note\x00": "\x00"})
    assert isinstance(found, Inbound)
    assert (found.provider_id, found.sender, found.text) == ("SM1", "+14155550123", "STOP")
    assert "\x00" not in "".join(found.raw) + "".join(found.raw.values())


def test_the_carriers_own_reading_of_a_stop_is_kept():
    event = parsed({"MessageSid": "SM3", "From": "+14155550134", "To": "+1", "Body": "stop", "OptOutType": "STOP"})
    assert event.opt_out_type == "STOP"


def test_pictures_are_named_and_not_fetched():
    fields = {"MessageSid": "MM1", "From": "+14155550134", "To": "+1", "Body": "", "NumMedia": "2"}
    media = {
        "MediaUrl0": "https://api.twilio.com/a",
        "MediaContentType0": "image/jpeg",
        "MediaUrl1": "https://api.twilio.com/b",
    }
    event = parsed(fields | media)
    assert [(a.url, a.content_type) for a in event.attachments] == [
        ("https://api.twilio.com/a", "image/jpeg"),
        ("https://api.twilio.com/b", ""),
    ]


LONG = "I lost my job in March and cannot pay this month, please call me after six."


@pytest.mark.parametrize(
    ("body", "media", "text"),
    [
        (base64.b64encode(LONG.encode()).decode(), "0", LONG),  # some carriers deliver long texts so
        (base64.b64encode(LONG.encode()).decode(), "1", base64.b64encode(LONG.encode()).decode()),
        ("a" * 64, "0", "a" * 64),  # pure base64 by accident, and no UTF-8 behind it
        ("x" * 20_000, "0", "x" * 16_000),
        ("STOP", "what", "STOP"),
    ],
)
def test_texts_are_readable_and_never_endless(body, media, text):
    event = parsed({"MessageSid": "SM4", "From": "+14155550134", "To": "+1", "Body": body, "NumMedia": media})
    assert event.text == text


@pytest.mark.parametrize("body", [b"", b"a=b", b"\xff\xfe", b"MessageSid=SM1", b"MessageSid=&From=x", b"%%%=%%%&&&==="])
def test_requests_that_say_nothing_give_nothing(body):
    assert list(hooks.parse(Hook(method="POST", url="x", headers={"content-type": FORM}, body=body))) == []
