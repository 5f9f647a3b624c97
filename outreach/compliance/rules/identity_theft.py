"""IDT-01: told that a debt comes from identity theft, the machine is silent and a person takes over."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import SENDING, rule
from outreach.compliance.situation import Situation


@rule(
    "IDT-01",
    "15 U.S.C. 1681m(f), (g)",
    needs=("identity_theft", "heard"),
    reads=("Debt.identity_theft_notified_at",),
    channels=(*SENDING, "none"),
    actions=("send_message", "furnish_to_consumer_reporting_agency"),
    jurisdictions=("US", "UK"),
    spares=("opt_out_confirmation",),
)
def identity_theft(s: Situation) -> Finding | None:
    told = [d.id for d in s.debts if d.identity_theft_notified_at is not None and d.identity_theft_notified_at <= s.at]
    if not s.acknowledges and (told or s.said("identity_theft")):
        return deny("The debt was reported as identity theft.", "debts.identity_theft_notified_at")
    return None
