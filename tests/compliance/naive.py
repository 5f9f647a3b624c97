"""A second, deliberately naive reading of the clocks: it looks at the wall in each zone, and shares nothing with the rules."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from msgspec.structs import replace

from outreach.compliance import cases
from outreach.compliance.facts import Address, Facts, InconvenientTime, StatedLocation

WEEK = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
#: A ZIP code that lies in each zone; several together are several candidate zones.
PLACES = {
    "America/New_York": "44101", "America/Chicago": "60601", "America/Denver": "80202", "America/Phoenix": "85001",
    "America/Los_Angeles": "97201", "America/Anchorage": "99501", "America/Adak": "99546", "Pacific/Honolulu": "96813",
    "Pacific/Guam": "96910", "Pacific/Pago_Pago": "96799", "America/Puerto_Rico": "00901", "America/Boise": "83702",
    "America/Indiana/Tell_City": "47586", "America/Menominee": "49801",
}  # fmt: skip
FROM, TO = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
ZONES = sorted(available_timezones() - {"Factory", "localtime"})


@dataclass(frozen=True)
class Case:
    """One message to one person: where the person may be, what was refused, and the facts that say so."""

    zones: Sequence[str]
    refused: tuple[InconvenientTime, ...]
    facts: Facts

    @property
    def at(self) -> datetime:
        return self.facts.message.at

    def moved(self, at: datetime) -> Facts:
        return replace(self.facts, message=replace(self.facts.message, at=at))


def is_open(at: datetime, zones: Sequence[str], refused: Sequence[InconvenientTime] = ()) -> bool:
    """Whether every wall clock shows 08:00 to 20:59 and no time the person refused."""
    walls = [at.astimezone(ZoneInfo(name)) for name in zones]
    return all(8 <= wall.hour < 21 for wall in walls) and not any(_refused(wall, refused) for wall in walls)


def _refused(wall: datetime, refused: Sequence[InconvenientTime]) -> bool:
    clock, today, yesterday = f"{wall:%H:%M:%S}", wall.date(), wall.date() - timedelta(days=1)
    for item in refused:
        overnight = item.to <= item.from_
        begun = _on(item, today) and item.from_ <= clock and (overnight or clock < item.to or item.to == "24:00")
        if begun or (overnight and _on(item, yesterday) and clock < item.to):
            return True
    return False


def _on(item: InconvenientTime, day: date) -> bool:
    return WEEK[day.weekday()] in item.days and (item.until is None or day <= item.until)


def invent(count: int, seed: int) -> Iterator[Case]:
    """Situations over all zones there are, near both changes of the clock, the leap day, and the edges of the window."""
    rng = random.Random(seed)
    base = _person()
    for number in range(count):
        if rng.random() < 0.6:
            zones = [ZONES[number % len(ZONES)]]
            place = {"stated_location": StatedLocation(tz=zones[0], told_collector_at=FROM - timedelta(days=9))}
        else:
            zones = rng.sample(sorted(PLACES), rng.randint(1, 3))
            place = {"addresses": tuple(Address(zip=PLACES[name]) for name in zones)}
        refused = _wish(rng) if rng.random() < 0.25 else ()
        consumer = replace(base.consumer, inconvenient_times=refused, **place)
        message = replace(base.message, at=_instant(rng, rng.choice(zones)))
        yield Case(zones, refused, replace(base, consumer=consumer, message=message))


def _person() -> Facts:
    """Somebody with a mailbox, a basis for it, and no other clue to where they are."""
    basis = {"type": "direct_consent", "at": "2020-01-01T00:00:00Z"}
    given = {
        "emails": [{"id": "E1", "domain_public": True, "employer_provided": False, "email_basis": basis}],
        "message": {"channel": "email", "to": "E1", "at": FROM},
    }
    return cases.facts_of(given, cases.assumed())


def _wish(rng: random.Random) -> tuple[InconvenientTime, ...]:
    return tuple(
        InconvenientTime(
            days=tuple(rng.sample(WEEK, rng.randint(1, 5))),  # type: ignore[arg-type]
            from_=rng.choice(["00:00", "08:30", "12:00", "15:00", "18:00", "22:00"]),
            to=rng.choice(["06:00", "09:00", "16:00", "17:30", "21:00", "24:00"]),
            until=rng.choice([None, None, date(2027, 3, 14), date(2028, 2, 29)]),
        )
        for _ in range(rng.randint(1, 2))
    )


def _instant(rng: random.Random, name: str) -> datetime:
    """Any second of three years, or one close to where mistakes are made."""
    kind = rng.randrange(5)
    if kind == 0:  # up to 14 hours around a change of the clock
        changes = _changes(name)
        if changes:
            return rng.choice(changes) + timedelta(seconds=rng.randint(-14 * 3600, 14 * 3600))
    if kind == 1:  # the leap day, wherever it is
        return datetime(2028, 2, 29, tzinfo=UTC) + timedelta(seconds=rng.randint(-14 * 3600, 38 * 3600))
    if kind == 2:  # the edge of the window to the second
        wall = FROM.date() + timedelta(days=rng.randrange(1095))
        edge = datetime(wall.year, wall.month, wall.day, rng.choice((8, 21)), tzinfo=ZoneInfo(name))
        return edge.astimezone(UTC) + timedelta(seconds=rng.randint(-2, 2))
    return FROM + timedelta(seconds=rng.randrange(int((TO - FROM).total_seconds())))


@cache
def _changes(name: str) -> list[datetime]:
    """The full hours by which a zone's offset has changed."""

    def changed(at: datetime, step: timedelta) -> bool:
        return at.astimezone(ZoneInfo(name)).utcoffset() != (at + step).astimezone(ZoneInfo(name)).utcoffset()

    day, hour = timedelta(days=1), timedelta(hours=1)
    dates = [at for at in (FROM + day * n for n in range((TO - FROM).days)) if changed(at, day)]
    return [at + hour for at in (date + hour * n for date in dates for n in range(24)) if changed(at, hour)]
