"""UK-04: a disputed debt is not pursued until the dispute is answered."""

from outreach.compliance import disputes
from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule("UK-04", "FCA CONC 7.14", needs=("disputes", "heard"), reads=("Debt.disputes",), jurisdictions=("UK",))
def uk_dispute(s: Situation) -> Finding | None:
    if not s.demands:
        return None
    for debt in s.debts:
        pending = [
            d
            for d in debt.disputes
            if (d.received_at is None or d.received_at <= s.at) and not disputes.delivered(s, d.verification)
        ]
        if pending or s.said("dispute"):
            return deny(f"{debt.id} is disputed.", "debts.disputes", also=("DISP-01",))
    return None
