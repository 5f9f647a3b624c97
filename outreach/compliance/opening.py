"""When contact is next open for a person: hours, times agreed to and times refused, in every zone that counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from outreach.compliance import hours
from outreach.compliance.facts import ConvenientTime, Facts
from outreach.compliance.situation import Situation

#: Days looked ahead: weekly times repeat, so more than two weeks cannot open anything new.
HORIZON = 16
#: How long after a consumer's own message or call what they say is still said of their own accord.
THEIR_TURN = timedelta(hours=1)


def first_open(situation: Situation) -> datetime | None:
    """The first instant inside contact hours, or hours agreed to, in every zone that counts then."""
    if not situation.consumer.convenient_times and len(situation.segments) == 1:
        return hours.first(_ordinary(situation.zones, situation.at.date()), situation.at)

    def permitted(name: str) -> list[hours.Span]:
        return hours.union([*hours.hour_spans(name, situation.at, HORIZON), *_agreed(situation, name, HORIZON)])

    return _first(situation, permitted)


@lru_cache(maxsize=8192)
def _ordinary(zones: frozenset[str], day: date) -> list[hours.Span]:
    """Contact hours common to the zones around a UTC day; a campaign at night asks this once, not once a person."""
    noon = datetime.combine(day, time(12), UTC)
    common = [hours.ALWAYS]
    for name in zones:
        common = hours.intersection(common, hours.hour_spans(name, noon, HORIZON))
    return common


def first_convenient(situation: Situation) -> datetime | None:
    """The first instant the consumer did not call inconvenient, in every zone that counts then."""
    times = situation.consumer.inconvenient_times
    ends = [item.until for item in times if item.until is not None]
    count = max([HORIZON, *((end - situation.today).days + 3 for end in ends)])

    def permitted(name: str) -> list[hours.Span]:
        return hours.union(
            [*hours.complement(hours.wall_spans(times, name, situation.at, count)), *_agreed(situation, name, count)]
        )

    found = _first(situation, permitted)
    horizon = situation.at + timedelta(days=count - 2)
    return None if found is None or (found >= horizon and found != situation.at) else found


def open_until(facts: Facts) -> datetime | None:
    """The end of the open span `message.at` lies in: hours and refused times of every zone together. None: not open now.

    What a provider may still hold after this instant would reach the person too late (TIME-03).
    """
    situation = Situation(facts, facts.message.at)

    def permitted(name: str) -> list[hours.Span]:
        times = situation.consumer.inconvenient_times
        convenient = hours.complement(hours.wall_spans(times, name, situation.at, HORIZON))
        lawful = hours.intersection(hours.hour_spans(name, situation.at, HORIZON), convenient)
        return hours.union([*lawful, *_agreed(situation, name, HORIZON)])

    spans = hours.union(_common(situation, permitted))
    return next((end for start, end in spans if start <= situation.at < end), None)


def _agreed(situation: Situation, name: str, count: int) -> list[hours.Span]:
    """Times agreed to with this collector itself; what the consumer told a creditor does not count (TIME-06)."""
    given = [item for item in situation.consumer.convenient_times if _valid(situation, item)]
    return hours.wall_spans(given, name, situation.at, count)


def _valid(situation: Situation, item: ConvenientTime) -> bool:
    """Consent given to us, in hours, or while the consumer was writing or calling."""
    given = item.given_directly_to_collector_at
    if given is None or given > situation.at:
        return False
    theirs = any(entry.dir == "in" and timedelta() <= given - entry.at <= THEIR_TURN for entry in situation.past)
    return theirs or hours.in_hours(given, situation.zones)


def _first(situation: Situation, permitted: Callable[[str], list[hours.Span]]) -> datetime | None:
    return hours.first(_common(situation, permitted), situation.at)


def _common(situation: Situation, permitted: Callable[[str], list[hours.Span]]) -> list[hours.Span]:
    """What is permitted in every zone that counts, segment by segment of the zones' own validity."""
    found: list[hours.Span] = []
    for zones, span in situation.segments:
        common = [span]
        for name in zones:
            common = hours.intersection(common, permitted(name))
        found += common
    return found
