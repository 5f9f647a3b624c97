"""Days known by a name: fixed feasts of the calendar, and those that follow Easter."""

from __future__ import annotations

import re
from datetime import date, timedelta

from dateutil.easter import easter

_FIXED: tuple[tuple[str, tuple[int, int]], ...] = (
    (r"(?:st\.? |saint )?(?:patty|paddy|patrick)'?s'?(?: day)?|st\.? patrick", (3, 17)),
    (r"april fool'?s'?(?: day)?", (4, 1)),
    (r"tax day|(?:the )?day taxes are due", (4, 15)),
    (r"cinco de mayo", (5, 5)),
    (r"juneteenth", (6, 19)),
    (r"(?:the )?(?:fourth|4th) of july|independence day", (7, 4)),
    (r"halloween", (10, 31)),
    (r"veterans day", (11, 11)),
    (r"christmas eve|nochebuena", (12, 24)),
    (r"christmas(?: day)?|xmas(?: day)?|navidad", (12, 25)),
    (r"new year'?s eve|nochevieja", (12, 31)),
    (r"new year'?s(?: day)?|ano nuevo", (1, 1)),
    (r"valentine'?s(?: day)?|san valentin", (2, 14)),
    (r"dia de reyes", (1, 6)),
)
_MOVING: tuple[tuple[str, int], ...] = (
    (r"good friday|viernes santo", -2),
    (r"easter monday", 1),
    (r"easter(?: sunday)?|domingo de pascua", 0),
)
NAMES = "|".join(f"(?:{pattern})" for pattern, _ in (*_FIXED, *_MOVING))


def day(name: str, today: date, *, past: bool, year: int | None = None) -> date | None:
    """The feast nearest to today in the direction that makes sense, or that of the year said."""
    years = [year] if year else [today.year, today.year - 1] if past else [today.year, today.year + 1]
    for candidate in years:
        found = _in_year(name, candidate)
        if found and (year or (found <= today if past else found >= today)):
            return found
    return None


def _in_year(name: str, year: int) -> date | None:
    for pattern, (month, number) in _FIXED:
        if re.fullmatch(pattern, name):
            return date(year, month, number)
    offset = next((days for pattern, days in _MOVING if re.fullmatch(pattern, name)), None)
    return None if offset is None else easter(year) + timedelta(days=offset)
