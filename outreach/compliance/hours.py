"""Permitted instants as intervals: contact hours in every zone, less inconvenient times, plus times agreed to.

Intervals are half-open pairs of UTC instants in order. They are intersected, never stepped through.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from outreach.compliance import days, law
from outreach.compliance.facts import ConvenientTime, InconvenientTime
from outreach.compliance.reading import FactsError

OPENING = law.parameter("federal", "opening_hour")
CLOSING = law.parameter("federal", "closing_hour")
WEEK = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
ALWAYS = (datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC))

DAY = timedelta(days=1)
MIDNIGHT = 1440  #: minutes
#: Clocks are set back by an hour or two: an end that close to midnight may be read after it.
SET_BACK = 180  #: minutes

Span = tuple[datetime, datetime]
WallTime = InconvenientTime | ConvenientTime


@lru_cache(maxsize=1024)
def minutes(wall: str) -> int:
    """Minutes after midnight of "HH:MM", "24:00" included. Raises `FactsError`."""
    hour, _, minute = wall.partition(":")
    clear = hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and int(minute) <= 59
    value = int(hour) * 60 + int(minute) if clear else -1
    if not 0 <= value <= 1440:
        raise FactsError(f"{wall!r} is no time of day")
    return value


@lru_cache(maxsize=65536)
def contact_hours(name: str, day: date) -> Span:
    """The permitted hours of one local day (CV-01)."""
    opening, closing = OPENING.on(day) * 60, CLOSING.on(day) * 60
    return days.instant(day, opening, name, late=True), days.instant(day, closing, name)


@lru_cache(maxsize=8192)
def in_hours(at: datetime, zones: frozenset[str]) -> bool:
    """Whether contact hours are open in every zone. Kept, for a batch of people is decided at one instant."""
    for name in zones:
        opening, closing = contact_hours(name, at.astimezone(days.zone(name)).date())
        if not opening <= at < closing:
            return False
    return True


def day_before(at: datetime, name: str) -> date:
    """Yesterday, where a span that still runs may have begun."""
    return days.local(at, name).date() - timedelta(days=1)


def hour_spans(name: str, at: datetime, count: int) -> list[Span]:
    """Contact hours of one zone from the day before `at`, for `count` days."""
    first = day_before(at, name)
    return [contact_hours(name, first + timedelta(days=step)) for step in range(count)]


@lru_cache(maxsize=65536)
def wall_spans(times: tuple[WallTime, ...], name: str, first: date, count: int) -> list[Span]:
    """Wall times of one zone as UTC, for `count` days from `first`; an end before its start is the next day's.

    Kept, for people wish for much the same hours, and each is asked about several instants of a day.
    """
    dates = [(day, WEEK[day.weekday()]) for day in (first + timedelta(days=step) for step in range(count))]
    found: list[Span] = []
    for item in times:
        start, end = minutes(item.from_), minutes(item.to)
        end += MIDNIGHT * (end <= start)
        until = getattr(item, "until", None)
        found += [
            (days.instant(day, start, name), days.instant(day, end, name, late=True))
            for day, weekday in dates
            if weekday in item.days and (until is None or day <= until)
        ]
    return union(found)


def refused_until(times: Iterable[WallTime], name: str, at: datetime) -> datetime:
    """The end of a span of these times the instant lies in, the latest of several; outside them, the instant itself.

    Spans that touch are not joined: whoever asks again at the end learns of the next one.
    """
    today = days.local(at, name).date()
    over = at
    for item in times:
        start, end = minutes(item.from_), minutes(item.to)
        end += MIDNIGHT * (end <= start)
        until = getattr(item, "until", None)
        for day in (today - DAY, today) if end > MIDNIGHT - SET_BACK else (today,):
            if WEEK[day.weekday()] in item.days and (until is None or day <= until):
                ends = days.instant(day, end, name, late=True)
                if ends > over and days.instant(day, start, name) <= at:
                    over = ends
    return over


def union(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, touching ones joined."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif start < end:
            joined.append((start, end))
    return joined


def intersection(left: Sequence[Span], right: Sequence[Span]) -> list[Span]:
    """What both hold."""
    common = []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if start < end:
            common.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return common


def complement(spans: Iterable[Span]) -> list[Span]:
    """All time outside the spans."""
    free = []
    cursor = ALWAYS[0]
    for start, end in union(spans):
        if cursor < start:
            free.append((cursor, start))
        cursor = max(cursor, end)
    free.append((cursor, ALWAYS[1]))
    return free


def first(spans: Iterable[Span], at: datetime) -> datetime | None:
    """The first instant not before `at` inside a span."""
    return next((max(start, at) for start, end in spans if end > at), None)
