"""When each instalment is due, and how much each is, so that all of them are exactly the total."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Frequency(StrEnum):
    WEEKLY = "weekly"
    BIWEEKLY = "biweekly"
    SEMIMONTHLY = "semimonthly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"

    @property
    def per_year(self) -> int:
        return _PER_YEAR[self]


_PER_YEAR = {
    Frequency.WEEKLY: 52,
    Frequency.BIWEEKLY: 26,
    Frequency.SEMIMONTHLY: 24,
    Frequency.MONTHLY: 12,
    Frequency.QUARTERLY: 4,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Installment:
    number: int  #: from 1
    due_date: date
    amount_cents: int


def due_dates(*, first: date, frequency: str, count: int) -> list[date]:
    """The first date and those after it. Weekends and holidays are left alone.

    A day the month does not have is its last day, without moving later ones: January 31, February 28, March 31.
    Twice a month is the first date's day and one about half a month away: the 1st and 15th, the 15th and last.
    """
    step = _STEPS[Frequency(frequency)]
    return [step(first, number) for number in range(count)]


def schedule(*, total_cents: int, amount_cents: int, dates: Sequence[date]) -> list[Installment]:
    """Equal instalments, the last one what remains. Raises ValueError when these dates and amounts cannot sum to it."""
    last = total_cents - amount_cents * (len(dates) - 1)
    if not 0 < last <= amount_cents:
        raise ValueError(f"{len(dates)} instalments of {amount_cents} cents do not make {total_cents}")
    amounts = [amount_cents] * (len(dates) - 1) + [last]
    return [
        Installment(number=number, due_date=due, amount_cents=amount)
        for number, (due, amount) in enumerate(zip(dates, amounts, strict=True), start=1)
    ]


def _days(days: int) -> Callable[[date, int], date]:
    return lambda first, number: first + timedelta(days=days * number)


def _months(months: int) -> Callable[[date, int], date]:
    return lambda first, number: _in_month(first, months * number, first.day)


def _twice_a_month(first: date, number: int) -> date:
    days = _paydays(first)
    position = (days.index(first.day) if first.day in days else 1) + number
    return first if number == 0 else _in_month(first, position // 2, days[position % 2])


def _paydays(first: date) -> tuple[int, int]:
    if first.day in {1, 15}:
        return 1, 15
    if first.day == calendar.monthrange(first.year, first.month)[1]:
        return 15, 31
    return (first.day, first.day + 15) if first.day <= 15 else (first.day - 15, first.day)


def _in_month(first: date, months: int, day: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    year = first.year + years
    return date(year, month + 1, min(day, calendar.monthrange(year, month + 1)[1]))


_STEPS: dict[Frequency, Callable[[date, int], date]] = {
    Frequency.WEEKLY: _days(7),
    Frequency.BIWEEKLY: _days(14),
    Frequency.SEMIMONTHLY: _twice_a_month,
    Frequency.MONTHLY: _months(1),
    Frequency.QUARTERLY: _months(3),
}
