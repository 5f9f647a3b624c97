"""FREQ-01: conduct that harasses. The law has no number; this stops what its own example calls likely harassment."""

from collections import Counter
from datetime import timedelta

from outreach.compliance import contacts, days, law
from outreach.compliance.decision import Finding, defer
from outreach.compliance.rules import ELECTRONIC, rule
from outreach.compliance.situation import Situation

A_DAY = law.parameter("federal", "runaway_texts_a_day")
DAYS = law.parameter("federal", "runaway_days")


@rule(
    "FREQ-01",
    "12 CFR 1006.14(a); comments 14(a)-1, -2",
    clock=True,
    reads=(),
    needs=("history",),
    channels=ELECTRONIC,
    spares=contacts.UNCOUNTED,
    jurisdictions=("US", "UK"),
)
def runaway(s: Situation) -> Finding | None:
    if s.answers is not None or len(s.facts.history) < A_DAY.on(s.today):
        return None
    sent = contacts.unprompted(s, ELECTRONIC)
    for name in s.calendar:
        today = days.local(s.at, name).date()
        count = Counter(days.local(entry.at, name).date() for entry in sent)
        before = [today - timedelta(days=step) for step in range(1, DAYS.on(s.today))]
        if count[today] >= A_DAY.on(today) and all(count[day] >= A_DAY.on(today) for day in before):
            tomorrow = days.morning(today + timedelta(days=1), s.calendar)
            return defer("Many unsolicited messages a day, several days running.", tomorrow, "history")
    return None
