"""What the slot readers make of a message, given what it is about; on Wednesday 2026-03-11."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.understand import slots, spelling
from dialogs.understand.slots import feasts, numbers, slips

TODAY = date(2026, 3, 11)


def _read(text: str, intent: str, expecting: str | None = None) -> dict[str, Any]:
    low = spelling.respelled(text)
    # reasons are the classifier's business
    found = slots.read(
        text, low, intents={intent}, expecting=expecting, today=TODAY, lang="en", why=lambda _kind, _heard: None
    )
    return {k: v for k, v in found.items() if k not in {"currency", "reason"}}


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("a hunnid", 100),
        ("two bills", 200),
        ("half a grand", 500),
        ("a buck twenty-five", 125),
        ("two twenties and a five", 45),
        ("3 hundred", 300),
        ("one five zero", 150),
        ("thirty seven fifty", 37.5),
        ("five and twenty", 25),
        ("fitty", 50),
        ("fourty", 40),
        ("cuarentica", 40),
        ("treintaicinco", 35),
        ("un par de veinte", 40),
        ("50ish", 50),
        ("twelve dollars and fifty cents", 12.5),
    ],
)
def test_an_amount_in_any_words(said: str, value: float) -> None:
    assert _read(said, "inform", "plan_amount") == {"amount": value}


#: the figure a paying word or a rhythm governs, not one of the story, the address, the account or the refusal
@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("i teach at 3 schools and pay 812 rent, 65 a month is where i can be", 65),
        ("my son is 9, i can do 40 a month", 40),
        ("bus 52 is late again, i work 30 hours, put me down for 25 a week", 25),
        ("i wont pay 150, i'd pay 35 a month", 35),
        ("no voy a pagar 150, voy a pagar 35 al mes", 35),
        ("before that i could of done 120, now its more like 45 a month", 45),
        ("i come here in 2009, i can pay 70 each month", 70),
    ],
)
def test_the_figure_that_is_offered(said: str, amount: float) -> None:
    assert _read(said, "propose_plan")["amount"] == amount


@pytest.mark.parametrize(
    "said", ["can't do 160 chief", "300 no", "95 a week? haha", "a 90 no llego", "220 isn't feasible"]
)
def test_a_figure_refused_is_no_offer(said: str) -> None:
    assert not _read(said, "decline_offer")


@pytest.mark.parametrize(
    ("said", "bounds"),
    [
        ("i'd rather not go over forty", {"amount_max": 40}),
        ("nothin over 50", {"amount_max": 50}),
        ("between fifty and seventy-five", {"amount_min": 50, "amount_max": 75}),
        ("tween 90 n 110", {"amount_min": 90, "amount_max": 110}),
        ("de 50 para arriba", {"amount_min": 50}),
    ],
)
def test_bounds(said: str, bounds: dict[str, float]) -> None:
    assert _read(said, "inform", "plan_amount") == bounds


@pytest.mark.parametrize(
    ("said", "plan"),
    [
        ("150 to begin with and then 75 every two weeks", {"down_payment": 150, "amount": 75, "frequency": "biweekly"}),
        ("una inicial de 200 y luego 75 al mes", {"down_payment": 200, "amount": 75, "frequency": "monthly"}),
        ("60 dollar one month ok", {"amount": 60, "frequency": "monthly"}),
        ("i'm on dialysis 3 days a week. 50 a month", {"amount": 50, "frequency": "monthly"}),
        ("20 cada dia 3", {"amount": 20, "frequency": "monthly", "start_date": "2026-04-03"}),
        ("65 los 15 y los 30", {"amount": 65, "frequency": "semimonthly", "start_date": "2026-03-15"}),
        ("five hundred once a quarter", {"amount": 500, "frequency": "quarterly"}),
        ("40 ever other week", {"amount": 40, "frequency": "biweekly"}),
    ],
)
def test_a_plan(said: str, plan: dict[str, Any]) -> None:
    assert _read(said, "propose_plan") == plan


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("april ten", "2026-04-10"),
        ("el diez de abril", "2026-04-10"),
        ("frist of apirl", "2026-04-01"),
        ("not this saturday, the one after. the 21st", "2026-03-21"),
        ("last friday of this month", "2026-03-27"),
        ("first friday of april", "2026-04-03"),
        ("sunday the 22nd", "2026-03-22"),
        ("on the twenty seventh", "2026-03-27"),
        ("day 20 of this month", "2026-03-20"),
        ("a month from today", "2026-04-11"),
        ("good friday", "2026-04-03"),
        ("st patricks day", "2026-03-17"),
    ],
)
def test_a_day(said: str, day: str) -> None:
    assert _read(said, "inform", "plan_start") == {"start_date": day}


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("can the 12th become the 19th", "2026-03-19"),
        ("could the payment on the 20th wait till the 27th? my aunt's funeral is next week", "2026-03-27"),
        ("fridays payment, can it be bumped one week", "2026-03-20"),
        ("april 5th needs to be the 15th", "2026-04-15"),
        ("the car is in the shop till like the 24th", None),
    ],
)
def test_where_a_payment_moves(said: str, day: str | None) -> None:
    assert _read(said, "reschedule_payment").get("date") == day


def test_the_day_of_a_promise_is_the_one_paid_on() -> None:
    assert _read("big job sat n sun, i'll have 60 for you tuesday", "promise_to_pay")["date"] == "2026-03-17"
    assert _read("i wont pay today but saturday the 21st for sure", "promise_to_pay")["date"] == "2026-03-21"


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        (
            "lab tues and thurs 9 to noon, cant have it buzzing",
            {"quiet_window": "09:00-12:00", "quiet_days": "tue,thu"},
        ),
        ("i sleep till 3. nothing before that", {"quiet_window": "-15:00"}),
        ("in bed by 9, leave me be after that", {"quiet_window": "21:00-"}),
        ("nothing til noon please", {"quiet_window": "-12:00"}),
        ("dinner and homework 5 to 7, dont message then", {"quiet_window": "17:00-19:00"}),
        ("between 10pm and 6am leave me be", {"quiet_window": "22:00-06:00"}),
        ("from nine at night to six in the morning no messages", {"quiet_window": "21:00-06:00"}),
        ("after 6 is fine", {"time_window": "18:00-"}),
        ("text me between 12 and 1230, only then", {"time_window": "12:00-12:30"}),
        ("sundays are for family", {"quiet_days": "sun"}),
        ("los domingos son de la iglesia, ese dia no", {"quiet_days": "sun"}),
        ("tues thru sat i cant", {"quiet_days": "tue,wed,thu,fri,sat"}),
        ("in the warehouse 6am til 2pm, no phones", {"quiet_window": "06:00-14:00", "place": "work"}),
    ],
)
def test_hours_and_days(said: str, wish: dict[str, str]) -> None:
    assert _read(said, "inconvenient_time_or_place") == wish


@pytest.mark.parametrize(
    ("said", "wanted", "refused"),
    [
        ("never ever call me, texts only", "sms", "phone"),
        ("no me llamen, todo por correo electronico", "email", "phone"),
        ("phone calls are a hard no, email will do", "email", "phone"),
        ("quit calling, put it in the mail", "mail", "phone"),
        ("i never open email. don't use it", None, "email"),
        ("i'd prefer texts to calls", "sms", None),
        ("no calls, texts or letters", None, "mail,phone,sms"),
        ("text or email fine, dont call", "email,sms", "phone"),
    ],
)
def test_media(said: str, wanted: str | None, refused: str | None) -> None:
    found = _read(said, "channel_preference")
    assert (found.get("channel"), found.get("not_channel")) == (wanted, refused)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("november the eighth, nineteen forty-four", {"dob": "1944-11-08"}),
        ("5-9-51 59937", {"dob": "1951-05-09", "zip": "59937"}),
        ("zip seven eight two zero two", {"zip": "78202"}),
        ("6617 last of my social", {"ssn_last4": "6617"}),
    ],
)
def test_identity_answers(said: str, answer: dict[str, str]) -> None:
    assert _read(said, "inform", "identity") == answer


@given(st.integers(1, 999_999))
def test_figures_are_read_as_written(value: int) -> None:
    for text in (f"{value}", f"${value:,}", f"{value} dollars", f"{value}ish"):
        assert [n.value for n in numbers.numbers(text)] == [value]


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz 0123456789$.,", max_size=60))
def test_mending_slips_is_done_once(text: str) -> None:
    once = slips.respelled(text)
    assert slips.respelled(once) == once


@given(st.sampled_from(("easter", "good friday", "christmas", "tax day")), st.dates(date(1990, 1, 1), date(2099, 1, 1)))
def test_a_feast_lies_ahead_or_behind(name: str, today: date) -> None:
    ahead, behind = feasts.day(name, today, past=False), feasts.day(name, today, past=True)
    assert ahead is not None
    assert behind is not None
    assert behind <= today <= ahead
