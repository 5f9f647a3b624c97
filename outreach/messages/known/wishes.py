"""Times a person wishes to be left alone, as spans of weekdays and wall times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outreach.compliance import facts as law

_DAYS = {"mon": "MON", "tue": "TUE", "wed": "WED", "thu": "THU", "fri": "FRI", "sat": "SAT", "sun": "SUN"}
_WEEK = tuple(_DAYS.values())


def quiet(wishes: Mapping[str, Any]) -> list[law.InconvenientTime]:
    """`quiet_window`: not then; `time_window`: only then, so everything else is inconvenient."""
    found: list[law.InconvenientTime] = []
    for kind, inverted in (("quiet_window", False), ("time_window", True)):
        said = wishes.get(kind, {}).get("value")
        for value in [said, *said.get("more", [])] if said else []:
            found += _inconvenient(value, inverted=inverted)
    return found


def _inconvenient(value: Mapping[str, Any], *, inverted: bool) -> list[law.InconvenientTime]:
    days = tuple(_DAYS[d] for d in value["days"].split(",")) if value.get("days") else _WEEK
    start, _, end = (value.get("window") or "-").partition("-")
    start, end = start or "00:00", end or "24:00"
    if not inverted:
        return _spans(days, start, end)
    outside = _spans(days, "00:00", start) + _spans(days, end, "24:00")
    return outside + _spans(tuple(d for d in _WEEK if d not in days), "00:00", "24:00")


def _spans(days: tuple[str, ...], start: str, end: str) -> list[law.InconvenientTime]:
    if start == end or not days:
        return []
    if start > end:  # over midnight
        return _spans(days, start, "24:00") + _spans(_next_days(days), "00:00", end)
    return [law.InconvenientTime(days=days, from_=start, to=end)]  # type: ignore[arg-type]


def _next_days(days: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_WEEK[(_WEEK.index(d) + 1) % 7] for d in days)
