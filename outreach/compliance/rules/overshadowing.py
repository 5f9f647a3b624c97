"""VAL-07: in the validation period nothing may drown the right to dispute."""

from outreach.compliance import disputes
from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "VAL-07",
    "12 CFR 1006.38(b)",
    needs=("threat",),
    reads=("Content.legal_threat", "Validation.period_end"),
    collectors_only=True,
)
def overshadowing(s: Situation) -> Finding | None:
    if s.content.legal_threat and any(disputes.in_period(s, debt, s.at) for debt in s.debts):
        return deny(
            "A threat within the validation period overshadows the right to dispute.",
            "message.content.legal_threat",
            "debts.validation.period_end",
        )
    return None
