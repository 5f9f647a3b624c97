"""The tables of what providers' codes mean: complete, and never at a loss."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels.contract import Busy, FailureClass, Misconfigured, OptedOut, Refused, SendError, Unsure
from channels.email import codes as mail_codes
from channels.sms import codes

F = FailureClass
#: every code a professional must know, by what is to be done
KNOWN: dict[FailureClass | None, str] = {
    F.SENDER: "20003 20404 21701 21702 21703 21704 21705 21212 21603 21606 21607 21616 21408 "
    "30002 30018 30024 30032 30034 30863",
    F.THROTTLE: "20429 14107 21611 30001 30022 30023 30025 30026 30027 63018 63038",
    None: "20500 20503",
    F.PERM_ADDR: "21211 21217 21614 21612 21635 30005 30006",
    F.BUG: "21602 21609 21620 21621 21622 21623 21624 11751 12300",
    F.CONTENT: "21617 21618 21619 30007",
    F.OPT_OUT: "21610 30004",
    F.TEMP: "30003 30008 30017 30410 30450 30453",
    F.NOT_SENT: "30010 30012 30013 30036",
}
ERRORS: dict[FailureClass | None, type[SendError]] = {None: Unsure, F.OPT_OUT: OptedOut, F.THROTTLE: Busy}


@pytest.mark.parametrize(("failure", "code"), [(f, int(c)) for f, listed in KNOWN.items() for c in listed.split()])
def test_every_known_code_has_its_class_a_reason_and_an_error(failure, code):
    found = codes.meaning(code)
    assert (found.failure, found.known) == (failure, True)
    assert found.reason.endswith(".")
    error = codes.refusal(code)
    expected = ERRORS.get(failure, Misconfigured if failure is F.SENDER and not found.country_only else Refused)
    assert isinstance(error, expected)
    assert error.code == str(code)


@pytest.mark.parametrize("code", [0, 1, 11_999, 20_999, 21_250, 21_799, 30_999, 45_000, 63_999, 99_999, 10**9])
def test_a_code_nobody_has_seen_takes_the_class_of_its_range_and_says_so(code, caplog):
    found = codes.meaning(code)
    assert not found.known
    assert isinstance(codes.refusal(code, said="Something new"), SendError)
    assert str(code) in caplog.text


def test_a_country_that_is_not_enabled_does_not_stop_the_others():
    assert isinstance(codes.refusal(21408), Refused)


MAIL = [
    ("5.1.1", 550, F.PERM_ADDR),
    ("5.1.2", 550, F.PERM_ADDR),
    ("5.1.3", 501, F.PERM_ADDR),
    ("5.1.10", 556, F.PERM_ADDR),
    ("5.2.1", 550, F.PERM_ADDR),
    ("5.2.2", 552, F.TEMP),
    ("4.2.2", 452, F.TEMP),
    ("4.7.1", 451, F.TEMP),
    ("5.4.4", 550, F.TEMP),
    ("5.4.7", 550, F.TEMP),
    ("5.7.1", 550, F.CONTENT),
    ("5.7.26", 550, F.SENDER),
    ("5.7.515", 550, F.SENDER),
    ("5.3.4", 552, F.BUG),
    ("5.2.3", 552, F.BUG),
    ("", 550, F.PERM_ADDR),
    ("5.0.0", 550, F.PERM_ADDR),
    ("", 554, F.CONTENT),
    ("9.9.9", 599, F.TEMP),
]


@pytest.mark.parametrize(("status", "reply", "failure"), MAIL)
def test_a_mail_systems_answer_has_its_class(status, reply, failure):
    assert mail_codes.meaning(status=status, reply=reply).failure is failure


@pytest.mark.parametrize(
    ("said", "after"),
    [
        ("4.7.1 Greylisted, try again in 5 minutes", timedelta(minutes=5)),
        ("4.2.0 please retry after 90 seconds", timedelta(seconds=90)),
        ("4.3.2 busy", timedelta(seconds=60)),
    ],
)
def test_a_greylisting_server_is_taken_at_its_word(said, after):
    error = mail_codes.refusal(450, said)
    assert isinstance(error, Busy)
    assert error.after == after
