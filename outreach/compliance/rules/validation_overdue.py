"""CV-07, VAL-01: five days after the first communication without validation information, collection waits."""

from datetime import timedelta

from outreach.compliance import communications, disputes, law
from outreach.compliance.decision import Finding, deny
from outreach.compliance.facts import Debt
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

DUE = law.parameter("federal", "validation_due_days")


@rule(
    "CV-07",
    "12 CFR 1006.34(a)(1)(i)(B); house convention",
    reads=("Debt.validation", "Validation.provided_at", "Validation.undeliverable_at"),
    collectors_only=True,
    also={"VAL-01": "12 CFR 1006.34(a)(1)", "VAL-06": "12 CFR 1006.42(a)(1)"},
)
def validation_overdue(s: Situation) -> Finding | None:
    if not s.demands:
        return None
    for debt in s.debts:
        if not disputes.provided(s, debt) and _due(debt, s):
            bounced = debt.validation is not None and debt.validation.undeliverable_at is not None
            return deny(
                f"Validation information about {debt.id} is overdue.",
                "debts.validation",
                also=("VAL-01", "VAL-06") if bounced else ("VAL-01",),
            )
    return None


def _due(debt: Debt, s: Situation) -> bool:
    began = communications.begun_at(s, debt)
    return began is not None and s.at >= began + timedelta(days=DUE.on(s.today))
