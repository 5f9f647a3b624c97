"""The plan policy of dialog-spec 7.3, figure by figure, and what must hold for every figure."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs import turn
from outreach.money import installments, policy
from outreach.money.installments import Frequency
from outreach.money.policy import Terms

TODAY = date(2026, 3, 11)
TERMS = Terms(min_monthly_cents=5_000, max_months=24, first_payment_within_days=30)


def proposal(**changes: object) -> turn.Proposal:
    plain = turn.Proposal(balance_cents=120_000, frequency="monthly", first_date=date(2026, 4, 1), today=TODAY)
    return replace(plain, **changes)  # type: ignore[arg-type]


ANSWERS = [
    # meets: 1200 / 70 = 17.14
    ({"amount_cents": 7_000}, ("meets", 7_000, 18, 1_000)),
    # exactly the minimum: max(50, 1200 / 24)
    ({"amount_cents": 5_000}, ("meets", 5_000, 24, 5_000)),
    ({"amount_cents": 4_999}, ("below", 5_000, 24, 5_000)),
    # 50 a month = 600 a year = 11.538 a week, in whole dollars 12
    ({"amount_cents": 1_153, "frequency": "weekly"}, ("below", 1_200, 100, 1_200)),
    ({"amount_cents": 1_154, "frequency": "weekly"}, ("meets", 1_154, 104, 1_138)),
    ({"amount_cents": 2_000, "frequency": "biweekly"}, ("below", 2_400, 50, 2_400)),
    ({"amount_cents": 2_500, "frequency": "semimonthly"}, ("meets", 2_500, 48, 2_500)),
    ({"amount_cents": 14_000, "frequency": "quarterly"}, ("below", 15_000, 8, 15_000)),
    # a longer debt: 3000 / 24 = 125, above the minimum
    ({"amount_cents": 12_000, "balance_cents": 300_000}, ("below", 12_500, 24, 12_500)),
    # 1,234.56 / 24 = 51.44, in whole dollars 52
    ({"amount_cents": 5_100, "balance_cents": 123_456}, ("below", 5_200, 24, 3_856)),
    # a number of instalments: 1,000 / 7 = 142.857, up to the cent
    ({"count": 7, "balance_cents": 100_000}, ("meets", 14_286, 7, 14_284)),
    ({"count": 48}, ("below", 5_000, 24, 5_000)),
    ({"count": 0}, ("meets", 120_000, 1, 120_000)),
    # a range: the lowest value in it that meets policy
    ({"amount_min_cents": 3_000, "amount_max_cents": 9_000}, ("meets", 5_000, 24, 5_000)),
    ({"amount_min_cents": 6_000, "amount_max_cents": 9_000}, ("meets", 6_000, 20, 6_000)),
    ({"amount_min_cents": 2_000, "amount_max_cents": 4_000}, ("below", 5_000, 24, 5_000)),
    ({"amount_max_cents": 9_500}, ("meets", 5_000, 24, 5_000)),  # "not above 95"
    ({"amount_min_cents": 3_000}, ("meets", 5_000, 24, 5_000)),  # "minimum 30"
    # down payment: 200 first, then 1,000 in 70s
    ({"amount_cents": 7_000, "down_payment_cents": 20_000}, ("meets", 7_000, 15, 2_000)),
    ({"count": 10, "down_payment_cents": 20_000}, ("meets", 10_000, 10, 10_000)),
    # more than is owed: one payment of it
    ({"amount_cents": 120_001}, ("above_balance", 120_000, 1, 120_000)),
    ({"amount_cents": 7_000, "down_payment_cents": 120_000}, ("above_balance", 120_000, 1, 120_000)),
    # all of it at once meets, even a debt below the minimum instalment, whose counter-offer is never above it
    ({"amount_cents": 120_000}, ("meets", 120_000, 1, 120_000)),
    ({"amount_cents": 2_000, "balance_cents": 2_000}, ("meets", 2_000, 1, 2_000)),
    ({"amount_cents": 1_000, "balance_cents": 2_050}, ("below", 2_050, 1, 2_050)),
    # absurd figures get an ordinary answer
    ({"amount_cents": 0}, ("below", 5_000, 24, 5_000)),
    ({"amount_cents": -500}, ("below", 5_000, 24, 5_000)),
    ({"count": 10**9}, ("below", 5_000, 24, 5_000)),
    # dates
    ({"amount_cents": 7_000, "first_date": date(2026, 3, 10)}, ("date_too_early", 7_000, 18, 1_000)),
    ({"amount_cents": 7_000, "first_date": TODAY}, ("meets", 7_000, 18, 1_000)),
    ({"amount_cents": 7_000, "first_date": date(2026, 4, 10)}, ("meets", 7_000, 18, 1_000)),
    ({"amount_cents": 7_000, "first_date": date(2026, 4, 11)}, ("date_too_late", 7_000, 18, 1_000)),
    ({"amount_cents": 7_000, "first_date": None}, ("meets", 7_000, 18, 1_000)),
]


@pytest.mark.parametrize(("changes", "expected"), ANSWERS)
def test_policy_answers_a_proposal(changes, expected) -> None:
    answer = policy.quote(proposal(**changes), TERMS)
    assert (answer.verdict, answer.amount_cents, answer.count, answer.last_cents) == expected


def test_a_refused_date_is_left_out_and_the_last_possible_day_named() -> None:
    answer = policy.quote(proposal(amount_cents=4_000, first_date=date(2027, 1, 1)), TERMS)
    assert answer.verdict == "below"
    assert (answer.first_date, answer.last_date, answer.dates) == (None, None, ())
    assert answer.latest_first_date == date(2026, 4, 10)


def test_a_counter_offer_with_everything_known_is_a_whole_plan() -> None:
    answer = policy.quote(proposal(amount_cents=4_000, first_date=date(2026, 3, 31)), TERMS)
    assert answer.dates[:3] == (date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31))
    assert answer.last_date == answer.dates[23] == date(2028, 2, 29)


@pytest.mark.parametrize(
    "changes", [{}, {"amount_cents": 5_000, "balance_cents": 0}, {"count": 2, "frequency": "daily"}]
)
def test_a_proposal_that_says_too_little_is_refused(changes) -> None:
    with pytest.raises(ValueError):
        policy.quote(proposal(**changes), TERMS)


def test_the_answer_is_what_the_dialog_expects_field_by_field() -> None:
    answer = policy.quote(proposal(amount_cents=7_000), {**asdict(TERMS), "discount": 0})
    assert {field.name for field in fields(turn.Quote)} == {field.name for field in fields(answer)}
    assert turn.Quote(**asdict(answer)).verdict == "meets"


terms = st.builds(
    Terms,
    min_monthly_cents=st.integers(0, 50_000),
    max_months=st.integers(1, 120),
    first_payment_within_days=st.integers(0, 90),
)


@given(
    terms=terms,
    balance=st.integers(1, 5_000_000),
    frequency=st.sampled_from(Frequency),
    amount=st.integers(1, 5_000_000),
    down=st.integers(0, 100_000),
)
def test_every_plan_offered_meets_policy_and_pays_exactly_the_balance(terms, balance, frequency, amount, down) -> None:
    asked = proposal(balance_cents=balance, frequency=frequency, amount_cents=amount, down_payment_cents=down)
    answer = policy.quote(replace(asked, first_date=TODAY), terms)
    if answer.verdict == "above_balance":
        down = 0
    parts = installments.schedule(total_cents=balance - down, amount_cents=answer.amount_cents, dates=answer.dates)
    assert sum(part.amount_cents for part in parts) + down == balance == answer.total_cents
    assert (parts[-1].amount_cents, len(parts)) == (answer.last_cents, answer.count)
    required = max(Fraction(terms.min_monthly_cents), Fraction(balance, terms.max_months))
    monthly = Fraction(answer.amount_cents * frequency.per_year, 12)
    assert monthly >= required or answer.count == 1
    if answer.verdict == "below":
        assert Fraction(amount * frequency.per_year, 12) < required
        dollar_less = Fraction((answer.amount_cents - 100) * frequency.per_year, 12)
        assert dollar_less < required  # the counter-offer asks for no dollar more than it must
        again = policy.quote(replace(asked, amount_cents=answer.amount_cents, first_date=TODAY), terms)
        assert again.verdict == "meets"


@given(
    terms=terms,
    balance=st.integers(1, 5_000_000),
    frequency=st.sampled_from(Frequency),
    ends=st.lists(st.integers(1, 500_000), min_size=2, max_size=2).map(sorted),
)
def test_no_lower_value_of_a_range_would_do(terms, balance, frequency, ends) -> None:
    low, high = ends
    asked = proposal(balance_cents=balance, frequency=frequency, amount_min_cents=low, amount_max_cents=high)
    answer = policy.quote(asked, terms)
    if answer.verdict == "meets" and answer.amount_cents > low:
        assert answer.amount_cents <= high
        lower = replace(asked, amount_min_cents=None, amount_max_cents=None, amount_cents=answer.amount_cents - 1)
        assert policy.quote(lower, terms).verdict == "below"


@given(terms=terms, days=st.integers(-400, 400))
def test_a_first_date_is_taken_between_today_and_the_last_possible_day(terms, days) -> None:
    answer = policy.quote(proposal(amount_cents=120_000, first_date=TODAY + timedelta(days=days)), terms)
    assert (answer.verdict == "meets") == (0 <= days <= terms.first_payment_within_days)
