"""Is it a person? Mails that look like another kind, and where their words stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from channels.email.read import read
from tests.channels.test_reading_replies import composed, only_html

RECEIVED = yaml.safe_load((Path(__file__).parent / "received.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", RECEIVED, ids=lambda c: f"{c['kind']}: {c['subject'][:20]} {c['body'][:20]}")
def test_who_wrote_it_and_what(case: dict[str, Any]) -> None:
    headers = {name.replace("-", "_"): value for name, value in case.get("headers", {}).items()}
    raw = composed(case["body"], subject=case["subject"], **headers).replace(b"Dana <dana@", b"Dana Holloway <dana@")
    mail = read(raw)
    assert mail.kind == case["kind"]
    if case["kind"] == "reply":
        assert " ".join(mail.text.split()) == " ".join(case.get("text", case["body"]).split())
    if "subject_text" in case:
        assert mail.subject_text == case["subject_text"]


LONG = {
    "a style sheet": "<style>" + "p {margin: 0}\n" * 40_000 + "</style><p>Stop it</p>",
    "Word's own XML": "<!--[if gte mso 9]><xml>"
    + "<w:Lsd Name='Normal'/>\n" * 20_000
    + "</xml><![endif]--><p>Stop it</p>",
    "a pasted picture": '<img src="data:image/png;base64,' + "eHh4" * 100_000 + '"><p>Stop it</p>',
    "a long correspondence": "<blockquote>" + "<p>what was said before</p>\n" * 15_000 + "</blockquote><p>Stop it</p>",
}


@pytest.mark.parametrize("what", LONG)
def test_words_behind_something_long_are_found(what):
    assert only_html(LONG[what]).text == "Stop it"


def test_words_below_and_between_long_quotations_are_found():
    quoted = "> a line of what was said before and before that\n" * 6_000
    assert read(composed(f"One\n{quoted}\nTwo\n{quoted}\nThree\n")).text.split() == ["One", "Two", "Three"]


@pytest.mark.parametrize("declared", ["multipart/alternative", "multipart/mixed", 'multipart/mixed; boundary=""'])
@pytest.mark.parametrize(
    "body", ["--b1\r\nContent-Type: text/plain\r\n\r\nI will call.\r\n--b1--\r\n", "I will call.\r\n"]
)
def test_a_multipart_without_boundary_still_gives_its_words(declared, body):
    mail = read(f"From: a@b.example\r\nContent-Type: {declared}\r\n\r\n{body}".encode())
    assert (mail.kind, mail.text, mail.problems) == ("malformed", "I will call.", ["boundary not found"])
