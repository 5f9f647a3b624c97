"""TB-01: no threat of suit on a time-barred debt, nor on one nobody knows the limitation of."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "TB-01",
    "12 CFR 1006.26(b)",
    needs=("threat",),
    ages=(),
    reads=("Debt.time_barred", "Content.legal_threat"),
    jurisdictions=("US", "UK"),
    also={"UK-04": "FCA CONC 7.15"},
)
def time_barred(s: Situation) -> Finding | None:
    threatens = s.content.legal_threat or s.kind == "cease_exception_specified_remedy"
    if not threatens or all(debt.time_barred is False for debt in s.debts):
        return None
    return deny(
        "The debt is time-barred, or may be, and the message threatens suit.",
        "debts.time_barred",
        "message.content.legal_threat",
        also=("UK-04",) if s.facts.jurisdiction == "UK" else (),
    )
