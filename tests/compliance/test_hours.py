"""Contact hours against a second, deliberately naive implementation, over all zones and both changes of the clock."""

from __future__ import annotations

import random
import zoneinfo
from datetime import UTC, date, datetime, timedelta

import pytest

from outreach.compliance import days, decide, hours
from tests.compliance import naive


def _check(count: int, *, seed: int) -> dict[str, int]:
    """Decides so many situations and holds each answer against the naive one. How often each answer was given."""
    seen: dict[str, int] = {}
    rng = random.Random(seed)
    for case in naive.invent(count, seed):
        decision = decide(case.facts)
        assert (decision.decision == "allow") == naive.is_open(case.at, case.zones, case.refused), case
        if (earliest := decision.earliest_utc) is not None:
            assert decide(case.moved(earliest)).decision == "allow", case
            assert naive.is_open(earliest, case.zones, case.refused), case
            probes = [case.at + (earliest - case.at) * rng.random() for _ in range(3)]
            for probe in (earliest - timedelta(seconds=1), *probes):  # and nothing in between was open
                assert not naive.is_open(probe, case.zones, case.refused), (case, probe)
        seen[decision.decision.value] = seen.get(decision.decision.value, 0) + 1
    return seen


def test_a_decision_is_what_the_wall_clocks_say_and_the_earliest_instant_is_the_first() -> None:
    seen = _check(3000, seed=7)
    assert seen["allow"] > 1000
    assert seen["defer"] > 1000


@pytest.mark.slow
def test_a_million_situations_in_all_zones() -> None:
    seen = _check(1_000_000, seed=11)
    print(seen)
    assert sum(seen.values()) == 1_000_000


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
    assert zoneinfo.TZPATH == ()
