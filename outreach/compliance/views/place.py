"""Where the consumer may be, what day it is there, and whose law protects them."""

from __future__ import annotations

from datetime import date, datetime

from outreach.compliance import days, hours, location
from outreach.compliance.lazy import lazy
from outreach.compliance.views.view import View

NOWHERE = frozenset({"UTC"})


class Place(View):
    """Zones, dates and states at the instant."""

    @lazy
    def evidence(self) -> location.Evidence:
        return location.evidence(self.facts)

    @lazy
    def zones(self) -> frozenset[str]:
        """Every zone the consumer may be in at this instant."""
        place = location.stated(self.facts, self.at)
        return self.evidence.zones if place is None else frozenset({place.tz})

    @lazy
    def calendar(self) -> frozenset[str]:
        """Zones for calendar days; UTC where no place is known and no clock rule has to fail for it."""
        return self.zones or NOWHERE

    @lazy
    def elsewhere_from(self) -> datetime:
        """When a stated location gives way to the other evidence: after its last day."""
        place = location.stated(self.facts, self.at)
        if place is None or place.until is None:
            return hours.ALWAYS[1]
        return days.instant(place.until, 1440, place.tz, late=True)

    def zones_at(self, later: datetime) -> frozenset[str]:
        """Which zones count at an instant not before this one."""
        return self.zones if later < self.elsewhere_from else self.evidence.zones

    @lazy
    def dates(self) -> tuple[days.LocalDate, ...]:
        """Today's date in each zone of the calendar."""
        return days.dates(self.at, self.calendar)

    @lazy
    def today(self) -> date:
        """The earliest date it may be where the consumer is."""
        return days.earliest(self.at, self.calendar)

    @lazy
    def states(self) -> frozenset[str]:
        return location.states(self.consumer.addresses)

    @lazy
    def in_new_york_city(self) -> bool:
        return location.in_new_york_city(self.consumer.addresses)
