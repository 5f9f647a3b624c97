"""Where ZIP codes, area codes and states are: the reference geography holds, and borders are generous."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from outreach.compliance import geo

REFERENCE = yaml.safe_load(Path(__file__).with_name("samples.yaml").read_text(encoding="utf-8"))["reference_geo"]
DAYS = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=step) for step in range(0, 730, 2)]


def _clocks(zones: frozenset[str] | list[str] | None) -> set[tuple[timedelta | None, ...]]:
    """Zones by what their clocks show, for two names may mean one clock."""
    return {tuple(day.astimezone(ZoneInfo(name)).utcoffset() for day in DAYS) for name in zones or ()}


@pytest.mark.parametrize("code", REFERENCE["zip"])
def test_a_zip_code_is_where_the_reference_says(code: str) -> None:
    place = geo.place_of_zip(code)
    assert place is not None
    assert _clocks(place.zones) == _clocks(REFERENCE["zip"][code])


@pytest.mark.parametrize("code", REFERENCE["area_code"])
def test_an_area_code_covers_all_its_zones(code: str) -> None:
    assert _clocks(geo.zones_of_area_code(code)) == _clocks(REFERENCE["area_code"][code])


@pytest.mark.parametrize("state", REFERENCE["state_only"])
def test_a_state_covers_all_its_zones(state: str) -> None:
    assert _clocks(geo.zones_of_state(state)) == _clocks(REFERENCE["state_only"][state])


@pytest.mark.parametrize(
    ("code", "zones"),
    [
        ("89883", ["America/Denver", "America/Los_Angeles"]),  # West Wendover
        ("86515", ["America/Denver"]),  # Window Rock, Navajo Nation
        ("49801", ["America/Menominee"]),  # Iron Mountain
        ("99547", ["America/Adak"]),  # Atka
        ("79901", ["America/Denver"]),  # El Paso
        ("58601", ["America/Denver"]),  # Dickinson
        ("96950", ["Pacific/Guam"]),  # Saipan
        ("00802", ["America/Puerto_Rico"]),  # St. Thomas
        ("60601-1234", ["America/Chicago"]),  # ZIP+4
    ],
)
def test_odd_places_have_their_own_clocks(code: str, zones: list[str]) -> None:
    place = geo.place_of_zip(code)
    assert place is not None
    assert _clocks(place.zones) == _clocks(zones)


@pytest.mark.parametrize("code", ["800", "833", "844", "855", "866", "877", "888", "900", "500", "700", "710"])
def test_a_number_without_a_place_tells_nothing(code: str) -> None:
    assert geo.zones_of_area_code(code) == frozenset()


def test_what_nobody_assigned_is_unknown() -> None:
    assert geo.zones_of_area_code("999") is None
    assert geo.place_of_zip("00000") is None
    assert geo.zones_of_state("ZZ") is None


def test_every_zone_named_is_in_the_pinned_database() -> None:
    zones = {zone for place in geo._zips().values() for zone in place.zones}
    zones |= {
        zone
        for table in (geo._area_codes(), geo._curated("zip"), geo._curated("state"))
        for found in table.values()
        for zone in found
    }
    for zone in zones:
        ZoneInfo(zone)
