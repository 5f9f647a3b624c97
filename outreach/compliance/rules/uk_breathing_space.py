"""UK-02: no demand during a moratorium; contact resumes after its recorded end."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "UK-02",
    "Debt Respite Scheme Regulations 2020",
    jurisdictions=("UK", "US"),
    spares=("opt_out_confirmation",),
    needs=("breathing_space",),
    reads=("Consumer.breathing_space", "BreathingSpace.starts_on", "BreathingSpace.ends_on"),
)
def uk_breathing_space(s: Situation) -> Finding | None:
    space = s.consumer.breathing_space
    if (
        space is None
        or s.acknowledges
        or (space.starts_on is not None and s.today < space.starts_on)
        or (space.ends_on is not None and s.today > space.ends_on)
    ):
        return None
    return deny("A breathing space runs.", "consumer.breathing_space")
