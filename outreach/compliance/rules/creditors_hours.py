"""ST-MA-02, ST-WV-01: states whose hours of 8 to 9 bind a creditor's own staff too, where federal law does not."""

from outreach.compliance import hours, opening
from outreach.compliance.decision import Finding, defer
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

#: State: the rule and the channels it speaks of.
HOURS = {"MA": ("ST-MA-02", ("sms", "voice")), "WV": ("ST-WV-01", ("voice",))}


@rule(
    "ST-MA-02",
    "940 CMR 7.04(1)(e)-(h)",
    states=HOURS,
    clock=True,
    reads=(),
    channels=("sms", "voice"),
    spares=("opt_out_confirmation",),
    also={"ST-WV-01": "W. Va. Code 46A-2-125(d)"},
)
def creditors_hours(s: Situation) -> Finding | None:
    named = [rule for state, (rule, channels) in HOURS.items() if state in s.states and s.channel in channels]
    if not named or s.prompt or hours.in_hours(s.at, s.zones):
        return None
    earliest = opening.first_open(s)
    if earliest == s.at:
        return None
    return defer(
        "It is before 8 or after 9 where the debtor is.", earliest, "consumer.addresses.state", also=tuple(named)
    )
