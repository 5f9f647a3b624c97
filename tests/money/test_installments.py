from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.money import installments
from outreach.money.installments import Frequency

DATES = [
    ("weekly", "2026-12-24", ["2026-12-24", "2026-12-31", "2027-01-07"]),  # holidays and new years change nothing
    ("biweekly", "2026-03-13", ["2026-03-13", "2026-03-27", "2026-04-10"]),
    ("monthly", "2026-01-31", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),  # back to the 31st
    ("monthly", "2028-01-30", ["2028-01-30", "2028-02-29", "2028-03-30"]),  # leap year
    ("monthly", "2026-11-15", ["2026-11-15", "2026-12-15", "2027-01-15"]),  # a Sunday stays a Sunday
    ("quarterly", "2026-11-30", ["2026-11-30", "2027-02-28", "2027-05-30"]),
    ("semimonthly", "2026-04-01", ["2026-04-01", "2026-04-15", "2026-05-01"]),  # 1st and 15th
    ("semimonthly", "2026-04-15", ["2026-04-15", "2026-05-01", "2026-05-15"]),
    ("semimonthly", "2026-02-28", ["2026-02-28", "2026-03-15", "2026-03-31"]),  # 15th and last
    ("semimonthly", "2026-04-05", ["2026-04-05", "2026-04-20", "2026-05-05"]),
    ("semimonthly", "2026-04-20", ["2026-04-20", "2026-05-05", "2026-05-20"]),
    ("semimonthly", "2026-01-14", ["2026-01-14", "2026-01-29", "2026-02-14", "2026-02-28"]),
]


@pytest.mark.parametrize(("frequency", "first", "expected"), DATES)
def test_due_dates_follow_the_calendar(frequency, first, expected) -> None:
    dates = installments.due_dates(first=date.fromisoformat(first), frequency=frequency, count=len(expected))
    assert [due.isoformat() for due in dates] == expected


@given(
    first=st.dates(min_value=date(2020, 1, 1), max_value=date(2060, 1, 1)),
    frequency=st.sampled_from(Frequency),
    count=st.integers(min_value=1, max_value=120),
)
def test_due_dates_begin_where_asked_and_only_go_forward(first, frequency, count) -> None:
    dates = installments.due_dates(first=first, frequency=frequency, count=count)
    assert dates[0] == first
    assert len(dates) == count
    assert all(earlier < later for earlier, later in pairwise(dates))
    years = (dates[-1] - first).days / 365.2425
    assert abs(years * frequency.per_year - (count - 1)) < 2 + years  # 52 weeks are a day short of a year


@given(total=st.integers(min_value=1, max_value=10_000_000), count=st.integers(min_value=1, max_value=200))
def test_a_schedule_is_the_total_to_the_cent(total, count) -> None:
    amount = -(-total // count)
    count = -(-total // amount)
    dates = installments.due_dates(first=date(2026, 1, 31), frequency="monthly", count=count)
    parts = installments.schedule(total_cents=total, amount_cents=amount, dates=dates)
    assert sum(part.amount_cents for part in parts) == total
    assert [part.number for part in parts] == list(range(1, count + 1))
    assert [part.due_date for part in parts] == dates


@pytest.mark.parametrize(("total", "amount", "count"), [(1000, 300, 3), (1000, 300, 5), (1000, 0, 2), (0, 100, 1)])
def test_a_schedule_that_cannot_sum_is_refused(total, amount, count) -> None:
    dates = installments.due_dates(first=date(2026, 1, 31), frequency="weekly", count=count)
    with pytest.raises(ValueError, match="do not make"):
        installments.schedule(total_cents=total, amount_cents=amount, dates=dates)


def test_a_rhythm_nobody_offers_is_refused() -> None:
    with pytest.raises(ValueError, match="daily"):
        installments.due_dates(first=date(2026, 1, 31), frequency="daily", count=2)
