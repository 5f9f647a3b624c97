"""ST-WA-01: three communications a week, one of them at work, and two texts a day."""

from collections.abc import Iterator

from outreach.compliance import contacts, days, law, location
from outreach.compliance.decision import Finding, defer
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

COMMUNICATIONS = law.parameter("states", "washington_communications")
AT_WORK = law.parameter("states", "washington_communications_at_work")
TEXTS = law.parameter("states", "washington_texts_a_day")
WEEK = law.parameter("states", "cap_days")


@rule(
    "ST-WA-01",
    "RCW 19.16.250",
    states=("WA",),
    clock=True,
    reads=(),
    needs=("history",),
    spares=contacts.UNCOUNTED,
    collectors_only=True,
    courtesy=True,
)
def washington(s: Situation) -> Iterator[Finding]:
    if s.answers is not None:
        return
    began = contacts.unprompted(s, ("sms", "email", "voice", "mail"), connected=True)
    made = [entry.at for entry in began]
    texts = [entry.at for entry in contacts.unprompted(s, ("sms",))] if s.channel == "sms" else []
    caps = [(made, COMMUNICATIONS, WEEK.on(s.today)), (texts, TEXTS, 1)]
    if s.phone is not None and location.is_work(s.phone):
        caps.append(([entry.at for entry in contacts.to_place(s, began, work=True)], AT_WORK, WEEK.on(s.today)))
    for events, most, period in caps:
        opens = days.over_cap(events, dates=s.dates, count=most.on(s.today), days=period)
        if opens is not None:
            yield defer(f"{most.on(s.today)} in {period} days are the most.", opens, "history")
