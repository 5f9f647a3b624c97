"""ST-MA-01, ST-MA-02: two calls and texts together in seven days per debt, creditors included."""

from collections.abc import Iterator

from outreach.compliance import contacts, days, law
from outreach.compliance.decision import Finding, defer
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

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
    made = contacts.unprompted(s, ("sms", "voice"), connected=True)
    for debt in s.debt_ids:
        opens = days.over_cap(
            contacts.about(made, debt), dates=s.dates, count=CONTACTS.on(s.today), days=WEEK.on(s.today)
        )
        if opens is not None:
            yield defer(
                f"Two calls or texts about {debt} within seven days are the most.", opens, "history", also=("ST-MA-02",)
            )
