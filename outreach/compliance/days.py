"""Calendar days at the consumer's location (CV-09), and business days of the post (12 CFR 1006.34(b)(5)).

Only the pinned time-zone database is read: this module switches the system's zone files off for the whole process.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib import metadata

from outreach.compliance import law
from outreach.compliance.reading import FactsError

zoneinfo.reset_tzpath(to=())

OPENING = law.parameter("federal", "opening_hour")
#: A zone and a day there.
LocalDate = tuple[str, date]

RECEIPT_DAYS = law.parameter("federal", "assumed_receipt_business_days")
PERIOD_DAYS = law.parameter("federal", "validation_period_days")


@lru_cache(maxsize=1)
def tz_version() -> str:
    """Version of the pinned time-zone database."""
    return metadata.version("tzdata")


def zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone, from the pinned database. Raises `FactsError` for an unknown name."""
    found = _zone(name)
    if found is None:
        raise FactsError(f"{name!r} is not a time zone")
    return found


@lru_cache(maxsize=1024)
def _zone(name: str) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def local(at: datetime, name: str) -> datetime:
    return at.astimezone(zone(name))


@lru_cache(maxsize=65536)
def instant(day: date, minute: int, name: str, *, late: bool = False) -> datetime:
    """The UTC instant of a wall time, `minute` after midnight of `day` (1440 = the next midnight).

    A wall time that exists twice, or not at all, has two readings; `late` picks the later one.
    """
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    readings = [wall.replace(tzinfo=zone(name), fold=fold).astimezone(UTC) for fold in (0, 1)]
    return max(readings) if late else min(readings)


def morning(day: date, zones: Iterable[str]) -> datetime:
    """The first instant at which contact hours have begun on `day` in every zone."""
    return max([_opening(day, name) for name in zones])


@lru_cache(maxsize=65536)
def _opening(day: date, name: str) -> datetime:
    return instant(day, OPENING.on(day) * 60, name, late=True)


@lru_cache(maxsize=8192)
def dates(at: datetime, zones: frozenset[str]) -> tuple[LocalDate, ...]:
    """The date at an instant, zone by zone. Kept, for a batch of people is decided at one instant."""
    return tuple([(name, at.astimezone(zone(name)).date()) for name in zones])


@lru_cache(maxsize=65536)
def begins(day: date, name: str) -> datetime:
    """The first instant of a local day; where clocks skip midnight, the one right after."""
    early, late = instant(day, 0, name), instant(day, 0, name, late=True)
    return early if local(early, name).date() >= day else late


@lru_cache(maxsize=8192)
def earliest(at: datetime, zones: frozenset[str]) -> date:
    """The earliest of the dates at an instant."""
    return min(day for _, day in dates(at, zones))


def days_between(earlier: datetime, later: datetime, zones: Iterable[str]) -> int:
    """Whole calendar days between two instants, in the zone that counts fewest."""
    return min((local(later, name).date() - local(earlier, name).date()).days for name in zones)


def free_again(event: datetime, days: int, zones: Iterable[str]) -> datetime:
    """The morning after `days` calendar days, the day of the event being day one, in every zone (CV-09)."""
    return max(morning(local(event, name).date() + timedelta(days=days), (name,)) for name in zones)


def over_cap(events: Collection[datetime], *, dates: Sequence[LocalDate], count: int, days: int) -> datetime | None:
    """None while one more contact today keeps within `count` in `days`; else the morning when it first would.

    `dates` is today in every zone that counts: an event is within the period when it is so in any of them.
    """
    if len(events) < count:
        return None
    last = sorted(events)[-count]  # the contact that has to be old enough before there may be another
    opens, over = last, False
    for name, today in dates:
        end = date.fromordinal(last.astimezone(zone(name)).toordinal() + days)
        over = over or today < end
        opens = max(opens, _opening(end, name))
    return opens if over else None


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """Legal public holidays of 5 U.S.C. 6103(a), on their own dates: the Friday of 6103(b) is for federal pay only."""
    table = law.table("holidays")
    fixed = [date(year, row["month"], row["day"]) for row in table["fixed"] if year >= row.get("since", 0)]
    floating = [_nth(year, row["month"], row["weekday"], row["nth"]) for row in table["floating"]]
    return frozenset(fixed + floating)


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth weekday (Monday 0) of a month; nth -1 is the last."""
    if nth < 0:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


@lru_cache(maxsize=4096)
def period_end(provided: date) -> date:
    """The earliest lawful end of a validation period for information provided on `provided`."""
    day, left = provided, RECEIPT_DAYS.on(provided)
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in holidays(day.year)
    return day + timedelta(days=PERIOD_DAYS.on(provided))
