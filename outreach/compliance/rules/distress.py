"""Words of self-harm or violence: the machine is silent until a person clears it; one answer with help is allowed."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "CV-10",
    "house convention",
    reads=(),
    needs=("heard",),
    jurisdictions=("US", "UK"),
    spares=("opt_out_confirmation",),
)
def distress(s: Situation) -> Finding | None:
    if not s.acknowledges and s.message.author == "machine" and s.said("threat_or_self_harm"):
        return deny("The consumer wrote words of self-harm or violence; a person must clear it.", "history.text")
    return None
