"""One decision's point of view: the facts, the instant, and what several rules derive from them, each computed once."""

from __future__ import annotations

from datetime import datetime

from outreach.compliance import traits
from outreach.compliance.facts import Facts
from outreach.compliance.views.place import Place
from outreach.compliance.views.record import UNHEARD, UNPROMPTED, Record

#: Views of the instant itself.
OF_THE_INSTANT = ("dates", "today", "prompt")
#: Views that a stated location changes when it begins or ends.
OF_THE_PLACE = ("zones", "calendar", "elsewhere_from")
#: Views that only change when something on record happens in between.
UNTIL_THE_NEXT_ENTRY = (
    "past",
    "informed",
    "heard",
    "labels",
    "inbound",
    "wrote_at",
    "wanted_again_at",
    "answers",
    "acknowledges",
)


class Outlook(Place, Record):
    """What is known of person, place and record at an instant, for whoever asks no rules."""


class Situation(Outlook):
    """Lazy views over `facts` at `at`. Raises `FactsError` where the facts name something they do not hold."""

    def __init__(self, facts: Facts, at: datetime) -> None:
        super().__init__(facts, at)
        self.traits = traits.present(facts)
        if "heard" not in self.traits:
            self.__dict__ |= UNHEARD
        if self.kind != "reply":
            self.__dict__ |= UNPROMPTED

    @property
    def eventful(self) -> bool:
        """Whether history goes on after the instant: then what was said is not yet all that will have been."""
        return len(self.past) < len(self.facts.history)

    def moved(self, at: datetime) -> Situation:
        """The same facts at a later instant, with every view that is the same then."""
        other = object.__new__(Situation)
        views = other.__dict__
        views.update(self.__dict__)
        views["at"] = at
        for name in OF_THE_INSTANT:
            views.pop(name, None)
        if self.consumer.stated_location is not None:
            for name in OF_THE_PLACE:
                views.pop(name, None)
        if self.eventful:
            for name in UNTIL_THE_NEXT_ENTRY:
                views.pop(name, None)
        return other
