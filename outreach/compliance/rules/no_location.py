"""CV-03: without a place there are no contact hours to keep, so a person has to find one."""

from outreach.compliance import location
from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import LIVE, rule
from outreach.compliance.situation import Situation

EVIDENCE = ("consumer.addresses", "phones")


@rule(
    "CV-03",
    "house convention; comment 6(b)(1)(i)-2",
    reads=(),
    channels=LIVE,
    jurisdictions=("US", "UK"),
    spares=("opt_out_confirmation",),
)
def no_location(s: Situation) -> Finding | None:
    if s.prompt or location.stated(s.facts, s.at) is not None:
        return None
    if s.evidence.unplaced:
        return deny(f"Nobody knows the time zone of {s.evidence.unplaced[0]}.", *EVIDENCE, also=("CV-02",))
    if not s.evidence.zones:
        return deny("No address, number or statement says where the consumer is.", *EVIDENCE, also=("CV-02",))
    return None
