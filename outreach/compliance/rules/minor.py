"""MIN-01: a minor is never written to; a parent may be."""

from outreach.compliance.decision import Finding, deny, missing
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "MIN-01",
    "12 CFR 1006.6(a)(2); house convention",
    ages=(),
    reads=("Consumer.adult", "Recipient.role"),
    jurisdictions=("US", "UK"),
    also={"CV-10": "house convention"},
    spares=("opt_out_confirmation",),
)
def minor(s: Situation) -> Finding | None:
    if s.acknowledges or s.message.recipient.role == "parent":
        return None
    if s.consumer.adult is None:
        return missing("consumer.adult")
    if not s.consumer.adult:
        return deny("The consumer is a minor.", "consumer.adult")
    return deny("Somebody under 18 wrote from there.", "history.text", also=("CV-10",)) if s.said("minor") else None
