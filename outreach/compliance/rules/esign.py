"""VAL-05: E-SIGN consent for the later notice and verification sent electronically, and for nothing else."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.facts import Debt
from outreach.compliance.rules import ELECTRONIC, rule
from outreach.compliance.situation import Situation


@rule(
    "VAL-05",
    "12 CFR 1006.42(b); 15 U.S.C. 7001(c)",
    kinds=(
        "validation_notice",
        "verification",
    ),
    reads=("Message.esign_consent", "Debt.initial_communication_at"),
    channels=(*ELECTRONIC, "web"),
    collectors_only=True,
    also={"ESIGN-01": "15 U.S.C. 7001(c)"},
)
def esign(s: Situation) -> Finding | None:
    if s.message.esign_consent is True:
        return None
    if s.kind == "validation_notice" and all(_begins(debt, s) for debt in s.debts):
        return None
    return deny(
        "This disclosure goes electronically only with E-SIGN consent.", "message.esign_consent", also=("ESIGN-01",)
    )


def _begins(debt: Debt, s: Situation) -> bool:
    """The notice is the initial communication itself."""
    return debt.initial_communication_at is None or debt.initial_communication_at >= s.at
