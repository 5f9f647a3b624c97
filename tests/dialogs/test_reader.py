"""What the reader makes of voices it never saw, and of anything at all."""

from __future__ import annotations

import string
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs import understand
from dialogs.understand import model
from dialogs.understand.trainer import compose, report
from outreach.compliance import optout

TODAY = date(2026, 3, 11)


def _heard(text: str, medium: str) -> dict[str, frozenset[str]]:
    return optout.reading(text, medium=medium).opinion()


@pytest.fixture(scope="module", params=["en", "es"])
def held_out(request: pytest.FixtureRequest) -> report.Scores:
    """Voices a reader trained without them reads, together with the safety grammar: what the service acts on."""
    held = [
        m for m in compose.read() if m["split"] == "held" and m["source"] == "written" and m["lang"] == request.param
    ]
    return report.score(held, model.trained("train"), safety=_heard)


def test_voices_of_authors_who_never_saw_the_reader() -> None:
    """Not the bars of the specification, which it does not reach yet: what it must not fall below (docs/dialogs.md)."""
    fresh = [m for m in compose.read() if m["split"] == "fresh"]
    found = report.score(fresh, model.trained("train"), safety=_heard)
    assert len(fresh) == 1112
    assert found.macro_f1 >= 0.91
    assert found.critical_recall >= 0.95
    assert found.false_opt_out <= 0.01


class TestHeldOutVoices:
    """A floor, in each language."""

    def test_critical_words_are_found(self, held_out: report.Scores) -> None:
        assert held_out.critical_recall >= 0.995

    def test_nobody_is_silenced_by_mistake(self, held_out: report.Scores) -> None:
        assert held_out.false_opt_out <= 0.0075

    def test_intents(self, held_out: report.Scores) -> None:
        assert held_out.macro_f1 >= 0.93

    def test_slots(self, held_out: report.Scores) -> None:
        assert held_out.slot_match >= 0.95

    def test_what_is_off_the_subject_moves_nothing(self, held_out: report.Scores) -> None:
        assert held_out.out_of_scope_safe >= 0.92


def test_the_development_set_is_what_the_voices_make() -> None:
    assert compose.read() == compose.compose()


def _read(text: str, expecting: str | None = None, channel: str = "sms") -> understand.Prediction:
    return understand.read(text, expecting=expecting, today=TODAY, channel=channel)


#: look-alikes of a stop
@pytest.mark.parametrize(
    "text",
    [
        "I'll stop by on Friday to pay",
        "the train stop is near my job",
        "she works nonstop",
        "we were stopped by rain",
        "I can pay at the end of the week",
        "I quit smoking",
        "I had to cancel my appointment",
        "cancel my plan",
        "cancel my card",
        "I have an unsubscribed friend",
        "do not stop",
        "please don't stop sending them",
        "I did not say stop",
        "my unemployment stopped",
        "Liked “Reply STOP to opt out”",
        "no paren de mandarme mensajes",
        "quiero cancelar mi plan",
        "cancel the payment on friday",
        "no more than 40 a month",
        "what happens if i reply stop",
        "end of the month works for me",
    ],
)
def test_what_looks_like_a_stop_is_none(text: str) -> None:
    assert not {"opt_out", "cease_communication"} & set(_read(text).intents), _read(text)


#: the words of 47 CFR 64.1200(a)(10) and their disguises
@pytest.mark.parametrize(
    "text",
    [
        *"stop quit end revoke cancel unsubscribe STOPALL OPTOUT ALTO PARAR BASTA BAJA CANCELAR".split(),
        "opt out",
        "Stop!!!",
        "st0p",
        "s t o p",
        "S.T.O.P.",
        "stoppp",
        "please stop 🙏",
        "🛑",
        "STOP 🖕",
        "pls unsubcribe",
        "Stop.",
        "“STOP”",
        "stop, thank you",
        "leave me be",
        "ya no me manden nada",
        "pls take my cell off this",
        "don't send me these",
        "sтop",
        "fuck off",
    ],
)
def test_a_stop_in_any_dress_is_a_stop(text: str) -> None:
    assert _read(text).intent == "opt_out", _read(text)


def test_only_what_the_writer_added_counts() -> None:
    mail = (
        "What do I owe?\n\nOn Mon, Mar 9, 2026 at 9:00 AM Harbor <h@harbor.example> wrote:\n> Reply STOP to opt out.\n"
    )
    assert _read(mail, channel="email").intent == "ask_balance"
    signed = "I'll pay 50 on Friday.\n-- \nBob\nStop the war! Unsubscribe from hate."
    assert _read(signed, channel="email").intents == ("promise_to_pay",)


#: (text, expecting, slots): the conventions of the service, on Wednesday 2026-03-11
SLOTS: list[tuple[str, str | None, dict[str, Any]]] = [
    ("could you do 55 a month", None, {"amount": 55.0, "frequency": "monthly"}),
    ("1,300", "plan_amount", {"amount": 1300.0}),
    ("1.3k", "plan_amount", {"amount": 1300.0}),
    ("thirty five", "plan_amount", {"amount": 35.0}),
    ("3O", "plan_amount", {"amount": 30.0}),
    ("ochenta", "plan_amount", {"amount": 80.0}),
    ("35 dlls", "plan_amount", {"amount": 35.0}),
    ("a hundred and fifty", "plan_amount", {"amount": 150.0}),
    ("between 90 and 110", "plan_amount", {"amount_min": 90.0, "amount_max": 110.0}),
    ("not above 95", "plan_amount", {"amount_max": 95.0}),
    ("minimum 30", "plan_amount", {"amount_min": 30.0}),
    ("about 65", "plan_amount", {"amount": 65.0}),
    ("80 down and 35 monthly after", None, {"down_payment": 80.0, "amount": 35.0, "frequency": "monthly"}),
    ("would you settle for half", None, {"percent": 50.0}),
    ("can you drop it to 70%", None, {"percent": 70.0}),
    ("over 18 months", None, {"count": 18, "frequency": "monthly"}),
    ("every two weeks", "plan_frequency", {"frequency": "biweekly"}),
    ("cada dos semanas", "plan_frequency", {"frequency": "biweekly"}),
    ("twice a month", "plan_frequency", {"frequency": "semimonthly"}),
    ("quincenal", "plan_frequency", {"frequency": "semimonthly"}),
    ("50 every Tuesday", None, {"amount": 50.0, "frequency": "weekly", "start_date": "2026-03-17"}),
    ("40 on the 20th of each month", None, {"amount": 40.0, "frequency": "monthly", "start_date": "2026-03-20"}),
    ("can do 50 every other fri starting the 1st", None, {"amount": 50.0, "frequency": "biweekly", "start_date": "2026-04-01"}),
    ("friday", "plan_start", {"start_date": "2026-03-13"}),
    ("this friday", "plan_start", {"start_date": "2026-03-13"}),
    ("next friday", "plan_start", {"start_date": "2026-03-20"}),
    ("next week", "plan_start", {"start_date": "2026-03-16"}),
    ("next month", "plan_start", {"start_date": "2026-04-01"}),
    ("end of the month", "plan_start", {"start_date": "2026-03-31"}),
    ("end of the week", "plan_start", {"start_date": "2026-03-13"}),
    ("mid-April", "plan_start", {"start_date": "2026-04-15"}),
    ("the 15th", "plan_start", {"start_date": "2026-03-15"}),
    ("in two weeks", "plan_start", {"start_date": "2026-03-25"}),
    ("4/2", "plan_start", {"start_date": "2026-04-02"}),
    ("I paid on March 3", None, {"date": "2026-03-03"}),
    ("can the 12th become the 19th", None, {"date": "2026-03-19"}),
    ("you'll get 90 on Monday", None, {"amount": 90.0, "date": "2026-03-16"}),
    ("nothing before noon", None, {"quiet_window": "-12:00"}),
    ("only text me after 6", None, {"time_window": "18:00-"}),
    ("never phone me, write", None, {"not_channel": "phone"}),
    ("we are in chapter 13", None, {"chapter": "13"}),
    ("account ending 8820, what do i owe", None, {"account_ref": "8820"}),
    ("94110 07/04/1985", "identity", {"zip": "94110", "dob": "1985-07-04"}),
    ("habla español?", None, {"language": "es"}),
    ("my new number is (415) 555-0199", None, {"phone": "+14155550199"}),
    ("ando sin chamba", None, {"reason": "job_loss"}),
    ("insurance paid it", "dispute_reason", {"reason": "insurance"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expecting", "slots"), SLOTS, ids=lambda v: str(v)[:40])
def test_slots(text: str, expecting: str | None, slots: dict[str, Any]) -> None:
    found = {k: v for k, v in _read(text, expecting).slots.items() if k != "currency"}
    assert found == slots, _read(text, expecting)


_TEXTS = st.text(max_size=300) | st.text(alphabet=string.printable + "áéñ¿¡€🛑👍", max_size=200)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=_TEXTS, channel=st.sampled_from(["sms", "email", "web"]))
def test_any_text_is_read_and_always_the_same_way(text: str, channel: str) -> None:
    first = _read(text, channel=channel)
    assert first == _read(text, channel=channel)
    assert first.intent in first.intents


@settings(max_examples=100, deadline=None)
@given(
    amount=st.integers(min_value=11, max_value=9999),
    shape=st.sampled_from(["{}", "${}", "{} dollars", "${}.00", "maybe {}", "about {}"]),
)
def test_an_amount_is_read_in_every_shape(amount: int, shape: str) -> None:
    assert _read(shape.format(amount), "plan_amount").slots["amount"] == float(amount)


@settings(max_examples=60, deadline=None)
@given(day=st.dates(min_value=date(2026, 3, 12), max_value=date(2027, 3, 10)))
def test_a_day_is_read_in_both_languages(day: date) -> None:
    spanish = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
    for text in (day.strftime("%B %d"), f"{day.month}/{day.day}", f"el {day.day} de {spanish[day.month - 1]}"):
        assert _read(text, "plan_start").slots.get("start_date") == day.isoformat(), text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("my card is 4111 1111 1111 1111 exp 12/27 cvv 123", "my card is •••••••••••••••• exp 12/27 cvv •••"),
        ("ssn 123-45-6789", "ssn •••-••-••••"),
        ("routing 021000021", "routing •••••••••"),
        ("call me at 415-555-0199", "call me at 415-555-0199"),
        ("I can pay 1,300 on 4/15/2026", "I can pay 1,300 on 4/15/2026"),
    ],
)
def test_numbers_that_must_not_be_kept_are_masked(text: str, masked: str) -> None:
    assert understand.mask(text) == masked


def test_ten_thousand_words_do_not_stall_the_reader() -> None:
    assert _read("I lost my job and cannot pay. " * 2000, channel="email").intent == "hardship"
