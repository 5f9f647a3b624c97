"""DISC-02: every later communication says that it is from a debt collector."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "DISC-02",
    "12 CFR 1006.18(e)(2)",
    ages=(),
    reads=("Content.disclosure_18e",),
    collectors_only=True,
    spares=("opt_out_confirmation",),
)
def disclosure_each(s: Situation) -> Finding | None:
    if s.content.disclosure_18e == "none" and s.informs:
        return deny("The message does not say that it is from a debt collector.", "message.content.disclosure_18e")
    return None
