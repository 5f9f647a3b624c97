"""FREQ-02, FREQ-03, FREQ-04: seven calls in seven days per debt, none in the seven after a talk."""

from collections.abc import Iterator

from outreach.compliance import calls, days, law
from outreach.compliance.decision import Finding, allow, defer
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

CALLS = law.parameter("federal", "calls_in_period")
PERIOD = law.parameter("federal", "call_period_days")


@rule(
    "FREQ-02",
    "12 CFR 1006.14(b)(2)",
    needs=("history",),
    clock=True,
    reads=(
        "HistoryEntry.initiated_about",
        "HistoryEntry.countable_toward",
        "HistoryEntry.consumer_consent_call_back",
        "CallBack.at",
        "HistoryEntry.misdirected_learned_at",
        "Debt.type",
    ),
    channels=("voice",),
    collectors_only=True,
    courtesy=True,
    also={
        "FREQ-03": "12 CFR 1006.14(b)(2)(i)(B)",
        "FREQ-04": "12 CFR 1006.14(b)(3)",
        "FREQ-06": "12 CFR 1006.14(b)(4)",
    },
)
def call_frequency(s: Situation) -> Iterator[Finding]:
    if s.answers is not None:
        return
    period = PERIOD.on(s.today)
    asked = [debt for debt in s.debt_ids if calls.consented(s, debt, s.at)]
    if asked:
        fact = "history.consumer_consent_call_back"
        yield allow("The consumer asked to be called back.", fact, also=("FREQ-04", "FREQ-03"))
    counted = [debt for debt in s.debt_ids if debt not in asked]
    # a call meant for several debts counts toward one at least, of our choice: it may go while one has room
    full = [
        days.over_cap(calls.placed(s, debt), dates=s.dates, count=CALLS.on(s.today), days=period) for debt in counted
    ]
    opens = [each for each in full if each is not None]
    if counted and len(opens) == len(counted):
        yield defer(
            "Seven calls about the debt were placed within seven days.",
            min(opens),
            "history",
            also=("FREQ-06", "CV-09"),
        )
    for debt in counted:
        talked = days.over_cap(calls.conversations(s, debt), dates=s.dates, count=1, days=period)
        if talked is not None:
            also = ("FREQ-03", "FREQ-06", "CV-09")
            yield defer(f"There was a conversation about {debt} within seven days.", talked, "history", also=also)
