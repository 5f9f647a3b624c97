"""Where a ZIP code, an area code, a state may be: zones, from committed tables (`build.py` says from what).

A place on a border has several zones and all of them count (CV-02).
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
#: Toll-free, personal and machine numbers: they tell nothing about where a person is (CV-02).
NON_GEOGRAPHIC = frozenset(
    [
        "456",
        "500",
        "521",
        "522",
        "523",
        "524",
        "525",
        "526",
        "527",
        "528",
        "529",
        "532",
        "533",
        "535",
        "538",
        "542",
        "543",
        "544",
        "545",
        "546",
        "547",
        "549",
        "550",
        "552",
        "553",
        "554",
        "556",
        "566",
        "558",
        "569",
        "577",
        "578",
        "588",
        "589",
        "600",
        "622",
        "633",
        "644",
        "655",
        "677",
        "688",
        "700",
        "710",
        "800",
        "822",
        "833",
        "844",
        "855",
        "866",
        "877",
        "880",
        "881",
        "882",
        "883",
        "887",
        "888",
        "889",
        "900",
    ]
)


class Place(NamedTuple):
    state: str
    zones: frozenset[str]


def _table(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _curated(kind: str) -> dict[str, frozenset[str]]:
    return {row["key"]: frozenset(row["zones"].split()) for row in _table("overrides.csv") if row["kind"] == kind}


@cache
def _zips() -> dict[str, Place]:
    return {row["zip"]: Place(row["state"], frozenset(row["zones"].split())) for row in _table("zips.csv")}


@cache
def _area_codes() -> dict[str, frozenset[str]]:
    return {row["code"]: frozenset(row["zones"].split()) for row in _table("area_codes.csv")} | _curated("area_code")


@cache
def place_of_zip(code: str) -> Place | None:
    """State and zones of a ZIP or ZIP+4; one not in the tables has those of its prefix. None: unknown."""
    known = _zips()
    place = known.get(code[:5]) or known.get(code[:3])
    if place is None:
        return None
    return Place(place.state, _curated("zip").get(code[:5], place.zones))


@cache
def zones_of_area_code(code: str) -> frozenset[str] | None:
    """Every zone of the whole code; empty for a non-geographic one; None for one nobody assigned."""
    return frozenset() if code in NON_GEOGRAPHIC else _area_codes().get(code)


def zones_of_state(state: str) -> frozenset[str] | None:
    """Every zone of a state or territory by its two letters; None: no such state."""
    return _curated("state").get(state.upper())
