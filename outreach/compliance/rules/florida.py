"""ST-FL-01: no text or call from 9 p.m. to 8 a.m. without prior consent, creditors included; email is left out."""

from outreach.compliance import hours, opening
from outreach.compliance.decision import Finding, defer
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "ST-FL-01",
    "Fla. Stat. 559.72(17)",
    states=("FL",),
    clock=True,
    reads=(),
    channels=("sms", "voice"),
    spares=("opt_out_confirmation",),
)
def florida(s: Situation) -> Finding | None:
    if s.prompt or hours.in_hours(s.at, s.zones):
        return None
    earliest = opening.first_open(s)
    return (
        None
        if earliest == s.at
        else defer("It is between 9 p.m. and 8 a.m. where the debtor is.", earliest, "consumer.addresses.state")
    )
