"""ST-NYC-01, ST-NYC-02: from 1 September 2026, consent for texts and emails, three contacts in seven days."""

from collections.abc import Iterator

from outreach.compliance import contacts, days, law
from outreach.compliance.decision import Finding, allow, defer, deny
from outreach.compliance.rules import SENDING, rule
from outreach.compliance.situation import Situation

CONSENT = law.parameter("states", "nyc_consent")
CONTACTS = law.parameter("states", "nyc_contacts")
WEEK = law.parameter("states", "cap_days")


@rule(
    "ST-NYC-01",
    "6 RCNY 5-77",
    states=("NY",),
    reads=("Consumer.nyc", "NewYorkCity.electronic_consent_at"),
    spares=("opt_out_confirmation",),
    channels=("sms", "email", "social_public"),
)
def consent(s: Situation) -> Finding | None:
    if not s.in_new_york_city or s.answers is not None:
        return None
    if not CONSENT.on(s.today):
        return allow("The amended city rules do not bind yet.", "message.at")
    given = s.consumer.nyc and s.consumer.nyc.electronic_consent_at
    if not given or given > s.at:
        return deny(
            "City rules ask for the consumer's consent to texts and emails.", "consumer.nyc.electronic_consent_at"
        )
    return None


@rule(
    "ST-NYC-02",
    "6 RCNY 5-77",
    states=("NY",),
    clock=True,
    reads=(),
    needs=("history",),
    channels=SENDING,
    spares=contacts.UNCOUNTED,
)
def cap(s: Situation) -> Iterator[Finding]:
    most = CONTACTS.on(s.today)
    if not s.in_new_york_city or s.answers is not None or most is None:
        return
    made = contacts.unprompted(s, ("sms", "email", "voice", "mail", "web"))
    for debt in s.debt_ids:
        opens = days.over_cap(contacts.about(made, debt), dates=s.dates, count=most, days=WEEK.on(s.today))
        if opens is not None:
            yield defer(f"{most} contacts about {debt} in seven days are the most.", opens, "history")
