"""Office time: when people work, and the answer times promised in it. Pure but for reading one setting.

The office is the row `office` of `setting` ({"zone", "opens", "closes"}), so that every process promises the same;
without it 9:00-17:00 Eastern. Closed on weekends and on the legal public holidays of 5 U.S.C. 6103(a).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.cases.models import Priority

#: working time until somebody must have answered; urgent ones run on the wall clock, at any hour
PROMISED = {Priority.HIGH: timedelta(hours=4), Priority.NORMAL: timedelta(hours=8)}
URGENT = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    zone: str = "America/New_York"
    opens: int = 9
    closes: int = 17


async def office(session: AsyncSession) -> Office:
    """The configured office hours."""
    found = await db.one(session, "select value from setting where name = 'office'")
    return Office(**found["value"]) if found else Office()


@cache
def _closed(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("US", years=year))


def working_day(day: date) -> bool:
    """Not a Saturday, Sunday or legal public holiday."""
    return day.weekday() < 5 and day not in _closed(day.year)


def add_working_days(day: date, days: int) -> date:
    """The working day `days` after (or, negative, before) a date; the date itself does not count."""
    step = timedelta(days=1 if days >= 0 else -1)
    for _ in range(abs(days)):
        day += step
        while not working_day(day):
            day += step
    return day


def due_at(opened_at: datetime, priority: Priority | str, *, office: Office) -> datetime:
    """When a case must be answered: urgent in an hour, high in four working hours, normal in one working day."""
    if priority == Priority.URGENT:
        return opened_at + URGENT
    left = PROMISED[Priority(priority)]
    zone = ZoneInfo(office.zone)
    at, day = opened_at, opened_at.astimezone(zone).date()
    while True:
        if working_day(day):
            start = max(at, datetime.combine(day, time(office.opens), zone))
            room = datetime.combine(day, time(office.closes), zone).astimezone(opened_at.tzinfo) - start
            if room >= left:
                return (start + left).astimezone(opened_at.tzinfo)
            left -= max(room, timedelta())
        day += timedelta(days=1)
