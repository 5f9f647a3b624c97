"""The safety reader: every label in many words, look-alikes left alone, and quickly."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml

from outreach.compliance import optout

SAID = yaml.safe_load(Path(__file__).with_name("said.yaml").read_text(encoding="utf-8"))
REFUSALS = {"opt_out", "cease_communication"}


@pytest.mark.parametrize(("label", "text"), SAID["means"])
def test_words_mean_what_they_say(label: str, text: str) -> None:
    assert label in optout.read(text)


@pytest.mark.parametrize("text", SAID["no_refusal"])
def test_what_only_looks_like_a_refusal_is_none(text: str) -> None:
    assert not REFUSALS & optout.read(text)


@pytest.mark.parametrize(
    "typed",
    ["stop", "STOP", "Stop.", "s t o p", "S-T-O-P", "stoooop", "st0p", "$top", "ѕtоp", "ｓｔｏｐ", "st\u200bop"],
)
def test_a_keyword_is_read_however_it_is_typed(typed: str) -> None:
    assert optout.read(typed) == {"opt_out"}


@pytest.mark.parametrize(
    ("text", "medium", "closed"),
    [
        ("STOP", "sms", set()),  # the bare word concerns the address it came from
        ("stop texting me", "sms", {"sms"}),
        ("please don't email me anymore", "email", {"email"}),
        ("stop calling me", "sms", {"voice"}),
        ("no calls or texts", "sms", {"voice", "sms"}),
        ("no more letters please", "email", {"mail"}),
        ("only contact me by mail", "sms", {"sms", "email", "voice"}),
        ("dejen de llamarme", "sms", {"voice"}),
    ],
)
def test_a_refusal_closes_the_media_it_names(text: str, medium: str, closed: set[str]) -> None:
    assert optout.reading(text, medium=medium).closes == closed


def test_quoted_words_are_not_the_writers() -> None:
    mail = "I can pay 50 on Friday.\n\nOn Tue, Mar 10, 2026 Example Recovery wrote:\n> Your balance is $50. Reply STOP to opt out.\n"
    assert not REFUSALS & optout.read(mail, medium="email")


def test_reading_is_fast_and_bounded() -> None:
    texts = [text for _, text in SAID["means"]] + SAID["no_refusal"]
    optout.reading.cache_clear()
    started = time.perf_counter()
    for text in texts:
        optout.reading(text)
    assert (time.perf_counter() - started) / len(texts) < 0.005  # a busy machine; alone it is a third of a millisecond
    started = time.perf_counter()
    optout.read("stop " + "a " * 200_000)
    optout.read(" ".join(texts) * 20)
    assert time.perf_counter() - started < 3
