"""ST-DC-02, ST-DC-04: five texts and emails together, four calls, per account in seven days."""

from collections.abc import Iterator

from outreach.compliance import contacts, days, law
from outreach.compliance.decision import Finding, defer
from outreach.compliance.rules import LIVE, rule
from outreach.compliance.situation import Situation

MESSAGES = law.parameter("states", "dc_messages")
CALLS = law.parameter("states", "dc_calls")
WEEK = law.parameter("states", "cap_days")


@rule(
    "ST-DC-02",
    "D.C. Code 28-3814(d)(4)(B)(iii)",
    states=("DC",),
    clock=True,
    reads=(),
    needs=("history",),
    channels=LIVE,
    spares=contacts.UNCOUNTED,
    also={"ST-DC-04": "D.C. Code 28-3814(d)(4)(A)"},
)
def district_cap(s: Situation) -> Iterator[Finding]:
    if s.answers is not None:
        return
    voice = s.channel == "voice"
    made = contacts.unprompted(s, ("voice",) if voice else ("sms", "email"), connected=True)
    cap = (CALLS if voice else MESSAGES).on(s.today)
    for debt in s.debt_ids:
        opens = days.over_cap(contacts.about(made, debt), dates=s.dates, count=cap, days=WEEK.on(s.today))
        if opens is not None:
            yield defer(
                f"{cap} in seven days about {debt} are the most.", opens, "history", also=("ST-DC-04",) if voice else ()
            )
