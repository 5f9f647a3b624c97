"""Sums with days: the nearest such date, the next such weekday, the ends of months."""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def exact(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def nearest(month: int, day: int, today: date, past: bool) -> date | None:
    """A date without a year: the nearest in the direction that makes sense."""
    for step in (0, -1, -2, -4) if past else (0, 1, 2, 4):
        found = exact(today.year + step, month, day)
        if found and ((found <= today) if past else (found >= today)):
            return found
    return None


def day_of_month(day: int, today: date, past: bool = False) -> date | None:
    """`the 15th`: the next occurrence after today, or the last one before when past."""
    if not 1 <= day <= 31:
        return None
    year, month = today.year, today.month
    for _ in range(12):
        found = exact(year, month, day)
        if found and ((found <= today) if past else (found > today)):
            return found
        month += -1 if past else 1
        if month in {0, 13}:
            year, month = (year - 1, 12) if past else (year + 1, 1)
    return None


def weekday(number: int, today: date, past: bool = False) -> date:
    """The first such day after today (before today when past)."""
    ahead = (number - today.weekday()) % 7 or 7
    return today - timedelta(days=7 - ahead or 7) if past else today + timedelta(days=ahead)


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def next_month(today: date, day: int = 1) -> date:
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first if day == 1 else first.replace(day=min(day, calendar.monthrange(first.year, first.month)[1]))


def monday_after(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def add_months(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def full_year(text: str) -> int:
    year = int(text)
    return year if year > 99 else (2000 + year if year < 70 else 1900 + year)


def first_of(first: date | None, day: int) -> date | None:
    return first + timedelta(days=(day - first.weekday()) % 7) if first else None


def last_of(end: date | None, day: int) -> date | None:
    return end - timedelta(days=(end.weekday() - day) % 7) if end else None


def month_end_of(month: int, today: date, past: bool) -> date | None:
    first = nearest(month, calendar.monthrange(today.year, month)[1], today, past)
    return month_end(first) if first else None
