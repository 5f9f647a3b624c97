"""ST-DC-03: for residents of the District, Eastern hours wherever they are."""

from outreach.compliance import hours
from outreach.compliance.decision import Finding, defer
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

EASTERN = "America/New_York"
ALONE = frozenset({EASTERN})


@rule(
    "ST-DC-03",
    "D.C. Code 28-3814(k)",
    states=("DC",),
    clock=True,
    reads=(),
    channels=("sms", "voice"),
    spares=("opt_out_confirmation",),
)
def district_hours(s: Situation) -> Finding | None:
    if s.prompt or hours.in_hours(s.at, ALONE):
        return None
    return defer(
        "It is outside 8 to 9 Eastern.",
        hours.first(hours.hour_spans(EASTERN, s.at, 4), s.at),
        "consumer.addresses.state",
    )
