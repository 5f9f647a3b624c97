"""Contact hours against a second, deliberately naive implementation, over many zones and both changes of the clock."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.compliance import cases, days, decide, hours
from outreach.compliance.facts import Facts

US_ZONES = [
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles", "America/Anchorage",
    "America/Adak", "Pacific/Honolulu", "Pacific/Guam", "Pacific/Pago_Pago", "America/Puerto_Rico", "America/Boise",
    "America/Indiana/Tell_City", "America/Menominee", "Europe/London",
]  # fmt: skip
WEEK = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


def naive_open(at: datetime, zones: list[str], refused: list[dict[str, Any]]) -> bool:
    """Reads the wall clock in each zone, and nothing else."""
    for name in zones:
        wall = at.astimezone(ZoneInfo(name))
        if not 8 <= wall.hour < 21:
            return False
        clock = f"{wall:%H:%M:%S}"
        for item in refused:
            if (
                WEEK[wall.weekday()] in item["days"]
                and item["from"] <= clock
                and (item["to"] == "24:00" or clock < item["to"])
            ):
                return False
    return True


def facts(at: datetime, zones: list[str], refused: list[dict[str, Any]]) -> Facts:
    """Somebody whose every candidate zone is given by addresses and, for the last, nothing else."""
    addresses = [
        {"kind": "residence", "zip": PLACES[name], "status": "current"} for name in zones if name != "Europe/London"
    ]
    addresses += [{"kind": "residence", "country": "GB", "status": "current"}] if "Europe/London" in zones else []
    basis = {"type": "direct_consent", "at": "2020-01-01T00:00:00Z"}
    return cases.facts_of(
        {
            "consumer": {"addresses": addresses, "inconvenient_times": refused},
            "emails": [{"id": "E1", "domain_public": True, "employer_provided": False, "email_basis": basis}],
            "message": {"channel": "email", "to": "E1", "at": at},
        },
        cases.assumed(),
    )


PLACES = {
    "America/New_York": "44101", "America/Chicago": "60601", "America/Denver": "80202", "America/Phoenix": "85001",
    "America/Los_Angeles": "97201", "America/Anchorage": "99501", "America/Adak": "99546", "Pacific/Honolulu": "96813",
    "Pacific/Guam": "96910", "Pacific/Pago_Pago": "96799", "America/Puerto_Rico": "00901", "America/Boise": "83702",
    "America/Indiana/Tell_City": "47586", "America/Menominee": "49801",
}  # fmt: skip
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
NEAR_A_CHANGE = st.builds(
    lambda day, offset: day + timedelta(seconds=offset),
    st.sampled_from([datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 3, 14, tzinfo=UTC),
                     datetime(2027, 11, 7, tzinfo=UTC), datetime(2028, 2, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)]),
    st.integers(-2 * 86400, 2 * 86400),
)  # fmt: skip
REFUSED = st.lists(
    st.fixed_dictionaries({
        "days": st.lists(st.sampled_from(WEEK), min_size=1, max_size=4, unique=True),
        "from": st.sampled_from(["00:00", "08:30", "12:00", "15:00"]),
        "to": st.sampled_from(["16:00", "17:30", "21:00", "24:00"]),
    }),
    max_size=2,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(
    at=INSTANTS | NEAR_A_CHANGE,
    zones=st.lists(st.sampled_from(sorted(PLACES)), min_size=1, max_size=3, unique=True),
    refused=REFUSED,
)
def test_a_decision_is_what_the_wall_clocks_say_and_the_earliest_instant_is_the_first(
    at: datetime, zones: list[str], refused: list[dict[str, Any]]
) -> None:
    at = at.replace(microsecond=0)
    decision = decide(facts(at, zones, refused))
    assert (decision.decision == "allow") == naive_open(at, zones, refused)
    if decision.decision == "defer":
        earliest = decision.earliest_utc
        assert earliest is not None
        assert decide(facts(earliest, zones, refused)).decision == "allow"
        probe = at
        while probe < earliest:  # every quarter of an hour in between was closed
            assert not naive_open(probe, zones, refused)
            probe += timedelta(minutes=15)
        assert not naive_open(earliest - timedelta(seconds=1), zones, refused)


def test_hours_hold_in_every_zone_there_is() -> None:
    rng = random.Random(7)
    names = sorted(available_timezones() - {"Factory", "localtime"})
    for name in names:
        for _ in range(12):
            at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(3 * 365 * 86400))
            assert hours.in_hours(at, (name,)) == (8 <= at.astimezone(ZoneInfo(name)).hour < 21), (name, at)


@pytest.mark.slow
def test_a_million_instants_in_all_zones() -> None:
    rng = random.Random(11)
    names = sorted(available_timezones() - {"Factory", "localtime"})
    zones = {name: ZoneInfo(name) for name in names}
    for _ in range(1_000_000):
        name = rng.choice(names)
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(3 * 365 * 86400))
        assert hours.in_hours(at, (name,)) == (8 <= at.astimezone(zones[name]).hour < 21), (name, at)


def test_intervals_are_an_algebra() -> None:
    def at(hour: int) -> datetime:
        return datetime(2026, 1, 1, hour, tzinfo=UTC)

    a, b = [(at(1), at(3)), (at(5), at(9))], [(at(2), at(6))]
    assert hours.intersection(a, b) == [(at(2), at(3)), (at(5), at(6))]
    assert hours.union([*a, *b]) == [(at(1), at(9))]
    assert hours.intersection(hours.complement(a), b) == [(at(3), at(5))]
    assert hours.first(a, at(3)) == at(5)


@pytest.mark.parametrize(
    ("provided", "ends"),
    [
        (date(2025, 11, 3), date(2025, 12, 10)),  # Veterans Day falls after the fifth business day
        (date(2026, 9, 1), date(2026, 10, 9)),  # Labor Day in between
        (date(2026, 9, 15), date(2026, 10, 22)),
        (date(2026, 6, 17), date(2026, 7, 25)),  # Juneteenth
        (date(2026, 7, 1), date(2026, 8, 7)),  # 4 July is a Saturday: the Friday before is an ordinary day of 6103(a)
        (date(2026, 12, 22), date(2027, 1, 29)),  # Christmas and New Year's Day
    ],
)
def test_the_validation_period_ends_thirty_days_after_assumed_receipt(provided: date, ends: date) -> None:
    assert days.period_end(provided) == ends


def test_the_systems_zone_files_are_not_read() -> None:
    import zoneinfo

    assert zoneinfo.TZPATH == ()
