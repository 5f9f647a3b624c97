"""UK-01: no contact at unreasonable times; 08:00 to 21:00 in London is our convention."""

from outreach.compliance import hours, opening
from outreach.compliance.decision import Finding, allow, defer
from outreach.compliance.rules import LIVE, rule
from outreach.compliance.situation import Situation


@rule(
    "UK-01",
    "FCA CONC 7.9",
    clock=True,
    reads=(),
    channels=LIVE,
    jurisdictions=("UK",),
    spares=("opt_out_confirmation",),
    also={"CV-04": "house convention"},
)
def uk_hours(s: Situation) -> Finding | None:
    if s.prompt:
        return allow(
            "One reply to what the person wrote is allowed at any hour.", "message.in_reply_to", also=("CV-04",)
        )
    if hours.in_hours(s.at, s.zones):
        return None
    earliest = opening.first_open(s)
    return (
        None
        if earliest == s.at
        else defer("It is an unreasonable time.", earliest, "consumer.addresses", also=("CV-01", "TIME-01"))
    )
