"""CV-08: our own cap on unsolicited contacts per person, all channels and debts together."""

from datetime import date, datetime
from functools import lru_cache

from outreach.compliance import contacts, days, law
from outreach.compliance.decision import Finding, defer
from outreach.compliance.facts import Cap
from outreach.compliance.rules import LIVE, rule
from outreach.compliance.situation import Situation

PACKS = law.parameter("states", "packs")
GENERIC = law.parameter("states", "generic_contacts")
WEEK = law.parameter("states", "cap_days")


@rule(
    "CV-08",
    "house convention; 12 CFR 1006.14(a)",
    needs=("history",),
    clock=True,
    reads=("Collector.organisation_frequency_cap", "Cap.count", "Cap.days"),
    channels=LIVE,
    jurisdictions=("US", "UK"),
    spares=contacts.UNCOUNTED,
    also={"ST-XX": "house convention"},
)
def organisation_cap(s: Situation) -> list[Finding] | None:
    caps = s.facts.collector.organisation_frequency_cap
    if caps is None or s.answers is not None:
        return None
    sent = [entry.at for entry in contacts.unprompted(s, ("sms", "email", "voice", "web"))]
    generic = _generic(s.states, s.today)
    also = ("ST-XX",) if generic else ()
    found = []
    for cap in caps + generic:
        opens = days.over_cap(sent, dates=s.dates, count=cap.count, days=cap.days)
        if opens is not None:
            found.append(_reached(cap.count, cap.days, opens, also))
    return found


@lru_cache(maxsize=1024)
def _reached(count: int, period: int, opens: datetime, also: tuple[str, ...]) -> Finding:
    """Kept, for a campaign says it to everybody whose morning begins then."""
    return defer(f"Our own cap of {count} in {period} days is reached.", opens, "history", also=also)


@lru_cache(maxsize=1024)
def _generic(states: frozenset[str], today: date) -> tuple[Cap, ...]:
    """The strictest cap of any state, for one nobody has written a pack for."""
    if not states or states & set(PACKS.on(today)):
        return ()
    return (Cap(count=GENERIC.on(today), days=WEEK.on(today)),)
