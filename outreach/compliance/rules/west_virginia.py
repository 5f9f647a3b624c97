"""ST-WV-01: thirty calls or ten conversations a week are too many, whoever calls."""

from collections.abc import Iterator

from outreach.compliance import contacts, days, law
from outreach.compliance.decision import Finding, defer
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

CALLS = law.parameter("states", "west_virginia_calls")
TALKS = law.parameter("states", "west_virginia_conversations")
WEEK = law.parameter("states", "cap_days")


@rule(
    "ST-WV-01",
    "W. Va. Code 46A-2-125(d)",
    states=("WV",),
    clock=True,
    reads=(),
    needs=("history",),
    channels=("voice",),
)
def west_virginia(s: Situation) -> Iterator[Finding]:
    if s.answers is not None:
        return
    calls = contacts.unprompted(s, ("voice",), connected=True)
    for events, most in ((calls, CALLS), ([e for e in calls if e.kind == "conversation"], TALKS)):
        opens = days.over_cap([e.at for e in events], dates=s.dates, count=most.on(s.today), days=WEEK.on(s.today))
        if opens is not None:
            yield defer(f"{most.on(s.today)} a week are the most.", opens, "history")
