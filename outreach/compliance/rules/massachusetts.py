"""ST-MA-01: two calls and texts together in seven days per debt, two in thirty at work; creditors included."""

from collections.abc import Iterator

from outreach.compliance import contacts, days, law, location
from outreach.compliance.decision import Finding, defer
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

ELSEWHERE = law.parameter("states", "massachusetts_contacts_elsewhere")
MONTH = law.parameter("states", "massachusetts_days_elsewhere")
CONTACTS = law.parameter("states", "massachusetts_contacts")
WEEK = law.parameter("states", "cap_days")


@rule(
    "ST-MA-01",
    "209 CMR 18.16(1)(d)",
    states=("MA",),
    clock=True,
    reads=(),
    needs=("history",),
    channels=("sms", "voice"),
    spares=("opt_out_confirmation",),
    also={"ST-MA-02": "940 CMR 7.04(1)(f)"},
)
def massachusetts(s: Situation) -> Iterator[Finding]:
    if s.answers is not None:
        return
    at_work = s.phone is not None and location.is_work(s.phone)
    most, period = (ELSEWHERE, MONTH) if at_work else (CONTACTS, WEEK)
    made = contacts.to_place(s, contacts.unprompted(s, ("sms", "voice"), connected=True), work=at_work)
    for debt in s.debt_ids:
        opens = days.over_cap(
            contacts.about(made, debt), dates=s.dates, count=most.on(s.today), days=period.on(s.today)
        )
        if opens is not None:
            reason = f"{most.on(s.today)} calls or texts about {debt} within {period.on(s.today)} days are the most."
            yield defer(reason, opens, "history", also=("ST-MA-02",))
