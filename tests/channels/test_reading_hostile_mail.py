"""Mails made to make a reader wait, fall over or lie, and mails that break the standards."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email import hooks
from channels.email.read import KINDS, Mail, read
from tests.channels.hostile import mails

HOSTILE = dict(mails())
read(b"")  # the phrases are compiled once


@pytest.mark.parametrize("what", HOSTILE)
def test_no_mail_makes_the_reader_raise_or_wait(what):
    begun = time.process_time()
    mail = read(HOSTILE[what])
    assert time.process_time() - begun < 1
    assert mail.kind in KINDS
    assert "unreadable" not in mail.problems


@given(st.binary(max_size=2000))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_mail_of_some_kind(raw):
    assert isinstance(read(raw), Mail)


MALFORMED = {
    "no From": b"Subject: x\r\n\r\nI will pay",
    "NUL": b"From: a@b.example\r\n\r\nI will\x00 pay",
    "duplicate subject": b"From: a@b.example\r\nSubject: x\r\nSubject: y\r\n\r\nI will pay",
    "duplicate from": b"From: a@b.example\r\nFrom: c@d.example\r\n\r\nI will pay",
    "over-long line": b"From: a@b.example\r\nX: " + b"x" * 1200 + b"\r\n\r\nI will pay",
    "bad base64": b"From: a@b.example\r\nContent-Transfer-Encoding: base64\r\n\r\nSSB3aWxs!!IHBheQ",
    "cut off": b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nI will pay",
    "line break in a decoded header": b"From: a@b.example\r\nSubject: =?utf-8?q?x=0D=0ABcc:_y?=\r\n\r\nI will pay",
    "broken header": b"From: a@b.example\r\nthis is no header\r\n\r\nI will pay",
}


@pytest.mark.parametrize("problem", MALFORMED)
def test_a_mail_that_breaks_the_standards_is_named_and_still_gives_its_text(problem):
    mail = read(MALFORMED[problem])
    assert mail.kind == "malformed"
    assert problem in mail.problems
    assert "I will pay" in mail.text.replace("willI", "will")


def test_absurd_nesting_is_named_and_still_gives_its_text():
    mail = read(HOSTILE["nesting of 1,000"])
    assert (mail.kind, mail.text) == ("malformed", "I want to pay")
    assert "absurd nesting" in mail.problems


def test_messages_inside_messages_are_nesting_too():
    assert "absurd nesting" in read(HOSTILE["messages 3,000 deep"]).problems


def test_many_headers_are_passed_over_and_those_that_matter_kept():
    raw = b"X-A: b\r\n" * 1200 + b"From: a@b.example\r\nSubject: hello\r\n\r\nStop emailing me"
    mail = read(raw)
    assert (mail.kind, mail.sender, mail.subject, mail.text) == ("reply", "a@b.example", "hello", "Stop emailing me")


def test_what_a_library_stumbles_over_is_not_printed(capfd):
    read(HOSTILE["failed recipients of (, folded"])
    assert capfd.readouterr() == ("", "")


NUL = b"""\
From: a\0@b.example\r\nTo: us@d.example\r\nSubject: =?utf-8?Q?a=00b?=\r\nMessage-ID: <x\0y@z.example>\r
In-Reply-To: <p\0q@z.example>\r\nReferences: <=?utf-8?Q?a=00b?=@c>\r\nContent-Type: multipart/mixed; boundary=b\r
\r
--b\r\n\r\nplease st\0op\r\n--b\r\nContent-Disposition: attachment; filename*=utf-8''a%00b.txt\r\n\r\nx\r\n--b--\r
"""


def test_nul_reaches_no_field_that_is_stored():
    (event,) = hooks.parse(hooks.mail_hook(NUL, recipient="us@d.example"), secret="s")
    assert event.text.endswith("please stop")
    assert "\\x00" not in repr(event)


def test_an_endless_id_is_cut_so_that_the_mail_can_be_kept():
    raw = b"From: a@b.example\r\nMessage-ID: <" + b"x7" * 9000 + b"@z>\r\n\r\nstop"
    (event,) = hooks.parse(hooks.mail_hook(raw, recipient="us@d.example"), secret="s")
    assert len(event.provider_id) < 1100


@pytest.mark.parametrize(
    "charset", ["zlib", "rot13", "hex", "bz2", "uu", "quopri", "base64", "undefined", "punycode", "x"]
)
def test_a_codec_that_is_no_character_set_is_passed_over(charset):
    head = (
        f"From: dana@mail.example\r\nContent-Type: text/plain; charset={charset}\r\nSubject: =?{charset}?q?hi?=\r\n\r\n"
    )
    mail = read(f"{head}I can pay Friday\r\n".encode())
    assert mail.text == "I can pay Friday"
    assert "unreadable" not in mail.problems
