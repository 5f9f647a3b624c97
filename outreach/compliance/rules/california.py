"""ST-CA-01: every written or digital communication shows the California licence number."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import WRITTEN, rule
from outreach.compliance.situation import Situation


@rule(
    "ST-CA-01",
    "Cal. Civ. Code 1788.11(f)",
    states=("CA",),
    ages=(),
    reads=("Content.license_number", "Content.crisis"),
    channels=WRITTEN,
    spares=("opt_out_confirmation",),
)
def california(s: Situation) -> Finding | None:
    if not s.content.license_number and not s.content.crisis:
        return deny("The California licence number is missing.", "message.content.license_number")
    return None
