"""VAL-07: in the validation period nothing may drown the right to dispute."""

from outreach.compliance import disputes
from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.script import phrases, plain
from outreach.compliance.situation import Situation


@rule(
    "VAL-07",
    "12 CFR 1006.38(b)",
    needs=("mentions", "threat"),
    reads=("Content.legal_threat", "Content.mentions", "Validation.period_end"),
    collectors_only=True,
)
def overshadowing(s: Situation) -> Finding | None:
    pressing = s.content.mentions is not None and phrases("overshadowing").search(plain(s.content.mentions))
    if (s.content.legal_threat or pressing) and any(disputes.in_period(s, debt, s.at) for debt in s.debts):
        return deny(
            "A threat or deadline within the validation period overshadows the right to dispute.",
            "message.content.legal_threat",
            "debts.validation.period_end",
        )
    return None
