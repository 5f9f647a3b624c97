"""When contact is next open for a person: hours, times agreed to and times refused, in every zone that counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from outreach.compliance import days, hours
from outreach.compliance.facts import ConvenientTime, Facts
from outreach.compliance.situation import Outlook, Situation

#: Days looked ahead: weekly times repeat, so more than two weeks cannot open anything new.
HORIZON = 16
#: How long after a consumer's own message or call what they say is still said of their own accord.
THEIR_TURN = timedelta(hours=1)

#: A zone and an instant: the instant itself where the zone is open then, else one not after the zone next opens.
Opens = Callable[[str, datetime], datetime]


def first_open(situation: Situation) -> datetime | None:
    """The first instant inside contact hours, or hours agreed to, in every zone that counts then."""
    if not situation.consumer.convenient_times and situation.consumer.stated_location is None:
        return hours.first(_ordinary(situation.zones, situation.at.date()), situation.at)

    def opens(name: str, at: datetime) -> datetime:
        ordinary = hours.first(hours.hour_spans(name, at, 4), at) or at
        return min(ordinary, _agreed(situation, name, at))

    return _first(situation, situation.at, opens)


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

    def opens(name: str, at: datetime) -> datetime:
        over = hours.refused_until(times, name, at)
        return (
            over if over == at or not situation.consumer.convenient_times else min(over, _agreed(situation, name, at))
        )

    if (found := _first(situation, situation.at, opens)) is not None:
        return found
    last_days = sorted({item.until for item in times if item.until is not None and item.until > situation.today})
    ends = (max(days.begins(day + timedelta(days=1), name) for name in situation.calendar) for day in last_days)
    tried = (_first(situation, start, opens) for start in ends)
    return next((found for found in tried if found is not None), None)


def _first(situation: Situation, start: datetime, opens: Opens) -> datetime | None:
    """The first instant from `start` on at which every zone that counts then is open, leaping from zone to zone."""
    at, last, elsewhere = start, start + timedelta(days=HORIZON), situation.elsewhere_from
    while at < last:
        latest = max([opens(name, at) for name in situation.zones_at(at)], default=at)
        if latest == at:
            return at
        at = elsewhere if at < elsewhere < latest else latest
    return None


def open_until(facts: Facts) -> datetime | None:
    """The end of the open span `message.at` lies in: hours and refused times of every zone together. None: not open now.

    What a provider may still hold after this instant would reach the person too late (TIME-03).
    """
    outlook = Outlook(facts, facts.message.at)
    if outlook.consumer.inconvenient_times or outlook.consumer.convenient_times:
        end = _end([_permitted(outlook, name) for name in outlook.zones], outlook.at)
    else:
        end = _closing(outlook.zones, outlook.at)
    return None if end is None else min(end, outlook.elsewhere_from)


@lru_cache(maxsize=8192)
def _closing(zones: frozenset[str], at: datetime) -> datetime | None:
    """Where contact hours alone count. Kept, for a batch of people is decided at one instant."""
    return _end([hours.hour_spans(name, at, 4) for name in zones], at)


def _end(zones: Iterable[Sequence[hours.Span]], at: datetime) -> datetime | None:
    """The end of the span common to all zones that the instant lies in."""
    common: Sequence[hours.Span] = [hours.ALWAYS]
    for spans in zones:
        common = hours.intersection(common, spans)
    return next((end for start, end in common if start <= at < end), None)


def _permitted(situation: Outlook, name: str) -> list[hours.Span]:
    """A zone's contact hours less refused times, and the times agreed to, over the days a provider may hold a message."""
    yesterday = hours.day_before(situation.at, name)
    lawful = hours.hour_spans(name, situation.at, 4)
    if refused := situation.consumer.inconvenient_times:
        lawful = hours.intersection(lawful, hours.complement(hours.wall_spans(refused, name, yesterday, 4)))
    given = _valid_times(situation)
    return hours.union([*lawful, *hours.wall_spans(given, name, yesterday, 4)]) if given else lawful


def _agreed(situation: Situation, name: str, at: datetime) -> datetime:
    """When a time agreed to with this collector itself next begins or runs; what a creditor was told does not count."""
    given = _valid_times(situation)
    if not given:
        return hours.ALWAYS[1]
    return hours.first(hours.wall_spans(given, name, hours.day_before(at, name), HORIZON), at) or hours.ALWAYS[1]


def _valid_times(situation: Outlook) -> tuple[ConvenientTime, ...]:
    return tuple(item for item in situation.consumer.convenient_times if _valid(situation, item))


def _valid(situation: Outlook, item: ConvenientTime) -> bool:
    """Consent given to us at a time open then, or while the consumer was writing or calling (TIME-06)."""
    given = item.given_directly_to_collector_at
    if given is None or given > situation.at:
        return False
    if any(entry.dir == "in" and timedelta() <= given - entry.at <= THEIR_TURN for entry in situation.past):
        return True
    refused = situation.consumer.inconvenient_times
    return hours.in_hours(given, situation.zones) and not any(
        hours.refused_until(refused, name, given) > given for name in situation.zones
    )
