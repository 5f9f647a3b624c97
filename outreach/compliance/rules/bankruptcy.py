"""BK-01, BK-02: the petition stays every act to collect; the discharge forbids it for good."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import SENDING, rule
from outreach.compliance.situation import Situation


@rule(
    "BK-01",
    "11 U.S.C. 362(a)(6)",
    needs=("bankruptcy", "heard"),
    reads=("Consumer.bankruptcy", "Bankruptcy.status"),
    channels=(*SENDING, "none"),
    actions=("send_message", "furnish_to_consumer_reporting_agency"),
    jurisdictions=("US", "UK"),
    also={"BK-02": "11 U.S.C. 524(a)(2)", "CV-10": "house convention"},
    spares=("opt_out_confirmation",),
)
def bankruptcy(s: Situation) -> Finding | None:
    case = s.consumer.bankruptcy
    if s.acknowledges:
        return None
    if case is None:
        return (
            deny("The consumer wrote of a bankruptcy.", "history.text", also=("CV-10",))
            if s.said("bankruptcy")
            else None
        )
    if case.status == "discharged":
        return deny("The debt was discharged in bankruptcy.", "consumer.bankruptcy.status", also=("BK-02",))
    return deny("A bankruptcy case is open.", "consumer.bankruptcy.status")
