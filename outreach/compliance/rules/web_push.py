"""TIME-05: while the person uses the portal information may be shown; nothing is pushed there unasked."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "TIME-05",
    "comment 6(b)(1)-2.iii",
    reads=(),
    ages=(),
    channels=("web",),
    jurisdictions=("US", "UK"),
    spares=("reply", "opt_out_confirmation"),
)
def web_push(s: Situation) -> Finding:
    return deny("The portal's chat answers; it does not begin.", "message.kind")
