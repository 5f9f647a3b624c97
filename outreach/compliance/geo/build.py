"""Writes `zips.csv` and `area_codes.csv`: a maintainer runs it after a postal or numbering change.

    pip install zipcodes==3.0.0 ziptz-us==0.1.2 timezonefinder==8.3.0 phonenumbers==9.0.43
    python -m outreach.compliance.geo.build

Three sources say where a ZIP code is: the postal tables of `zipcodes` and `ziptz-us`, and the coordinates of `zipcodes`
looked up in the boundaries of `timezonefinder`. Where they disagree every zone named is kept, for a person who might be
in either must be protected by both. `phonenumbers` gives the zones of a whole area code, never of a prefix: numbers are
ported. `overrides.csv` is curated by hand and wins.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

HERE = Path(__file__).parent
#: Answers of a source that are its own mistakes: no zone, or a place at sea.
NOWHERE = re.compile(r"$|Napakiak$|Etc/")
#: Enough of the clock to tell two zones apart today.
DAYS = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(730)]


def _clock(zone: str) -> tuple[timedelta | None, ...]:
    return tuple(day.astimezone(ZoneInfo(zone)).utcoffset() for day in DAYS)


def _agreed(votes: Iterable[str], clocks: dict[str, tuple[timedelta | None, ...]]) -> list[str]:
    """One name for every clock a source named; the first source's names go first."""
    names: dict[tuple[timedelta | None, ...], str] = {}
    for zone in votes:
        if not NOWHERE.match(zone):
            if zone not in clocks:
                clocks[zone] = _clock(zone)
            names.setdefault(clocks[zone], zone)
    return sorted(names.values())


def _places() -> dict[str, tuple[str, list[str]]]:
    import timezonefinder  # type: ignore[import-not-found]
    import zipcodes  # type: ignore[import-not-found]
    import ziptz  # type: ignore[import-not-found]

    finder = timezonefinder.TimezoneFinder(in_memory=True)
    clocks: dict[str, tuple[timedelta | None, ...]] = {}
    places: dict[str, tuple[str, list[str]]] = {}
    for row in zipcodes.list_all():
        code: str = row["zip_code"]
        if row["zip_code_type"] != "MILITARY" and not code.startswith(("099", "569", "888")):
            there = finder.timezone_at(lat=float(row["lat"]), lng=float(row["long"]))
            try:
                prefix_table = ziptz.zone(code)
            except ziptz.ZipError:  # it knows no such prefix: one vote fewer
                prefix_table = ""
            votes = [row["timezone"], there or "", prefix_table]
            if zones := _agreed(votes, clocks):
                places[code] = (row["state"], zones)
    return places


def _rows(places: Mapping[str, tuple[str, list[str]]]) -> list[tuple[str, str, str]]:
    """One line a three-digit prefix, and one for each ZIP code that is not what its prefix says."""
    prefixes: defaultdict[str, list[str]] = defaultdict(list)
    for code in places:
        prefixes[code[:3]].append(code)
    rows = []
    for prefix, codes in sorted(prefixes.items()):
        state = Counter(places[code][0] for code in codes).most_common(1)[0][0]
        zones = sorted({zone for code in codes for zone in places[code][1]})
        rows.append((prefix, state, " ".join(zones)))
        rows += [
            (code, places[code][0], " ".join(places[code][1]))
            for code in sorted(codes)
            if places[code] != (state, zones)
        ]
    return rows


def _codes() -> dict[str, list[str]]:
    from phonenumbers.tzdata import TIMEZONE_DATA

    zones: defaultdict[str, set[str]] = defaultdict(set)
    for prefix, names in TIMEZONE_DATA.items():
        if prefix.startswith("1") and len(prefix) >= 4:
            zones[prefix[1:4]].update(names)
    return {code: sorted(names) for code, names in sorted(zones.items())}


def _write(name: str, header: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main() -> None:
    """Both files, from the sources above."""
    _write("zips.csv", ("zip", "state", "zones"), _rows(_places()))
    _write("area_codes.csv", ("code", "zones"), [(code, " ".join(zones)) for code, zones in _codes().items()])


if __name__ == "__main__":
    main()
