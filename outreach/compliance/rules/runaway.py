"""FREQ-01: conduct that harasses. The law has no number; this stops what its own example calls likely harassment."""

from datetime import date, datetime, timedelta

from outreach.compliance import contacts, days, law
from outreach.compliance.decision import Finding, defer
from outreach.compliance.rules import ELECTRONIC, rule
from outreach.compliance.situation import Situation

A_DAY = law.parameter("federal", "runaway_texts_a_day")
BESIDE = law.parameter("federal", "messages_beside_calls")
CALLS = law.parameter("federal", "calls_in_period")
PERIOD = law.parameter("federal", "call_period_days")
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
    if s.answers is not None or len(s.facts.history) < A_DAY.on(s.today) * DAYS.on(s.today):
        return None
    sent = [entry.at for entry in contacts.unprompted(s, ELECTRONIC)]
    called = [entry.at for entry in contacts.unprompted(s, ("voice",), connected=True)]
    week = {"dates": s.dates, "days": PERIOD.on(s.today)}
    calls_end = days.over_cap(called, count=CALLS.on(s.today), **week)
    texts_end = days.over_cap(sent, count=BESIDE.on(s.today), **week)
    if calls_end and texts_end:
        reason = "Calls and messages of the last seven days are too many together."
        return defer(reason, min(calls_end, texts_end), "history")
    for name, today in s.dates:
        if all(_many(sent, today - timedelta(days=step), name) for step in range(DAYS.on(s.today))):
            tomorrow = days.morning(today + timedelta(days=1), s.calendar)
            return defer("Many unsolicited messages a day, several days running.", tomorrow, "history")
    return None


def _many(sent: list[datetime], day: date, name: str) -> bool:
    begins, ends = days.begins(day, name), days.begins(day + timedelta(days=1), name)
    return len([at for at in sent if begins <= at < ends]) >= int(A_DAY.on(day))
