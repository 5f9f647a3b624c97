"""DISC-05: no demand on a debt that is settled, no amount above the ledger's, no threat."""

from collections.abc import Iterator

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.script import phrases, plain
from outreach.compliance.situation import Situation


@rule(
    "DISC-05",
    "12 CFR 1006.18(b)(2), (b)(3), (c)(1)",
    ages=(),
    reads=("Debt.status", "Debt.balance", "Content.amount_demanded", "Content.legal_threat"),
    jurisdictions=("US", "UK"),
    spares=("opt_out_confirmation",),
    also={"UK-03": "FCA CONC 7.9"},
)
def honest_amount(s: Situation) -> Iterator[Finding]:
    for debt in s.debts:
        if debt.status != "open" and s.demands:
            yield deny(f"{debt.id} is {debt.status}.", "debts.status", also=("XFER-01",))
        elif debt.balance is not None and debt.balance <= 0 and s.demands:
            yield deny(f"Nothing is owed on {debt.id}.", "debts.balance", also=("XFER-01",))
    asked = s.content.amount_demanded
    if asked is not None:
        balances = [debt.balance for debt in s.debts]
        if None in balances:
            yield deny("The balance is not known.", "debts.balance")
        elif asked > sum(b for b in balances if b is not None):
            yield deny(
                "More is demanded than is owed.", "message.content.amount_demanded", "debts.balance", also=("AMT-01",)
            )
    if s.content.mentions and phrases("threats").search(plain(s.content.mentions)):
        yield deny("What the message mentions is a threat.", "message.content.mentions")
    if s.content.legal_threat and s.kind != "cease_exception_specified_remedy":
        yield deny("The message threatens legal action.", "message.content.legal_threat")
