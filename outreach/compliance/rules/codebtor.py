"""BK-03: while the main debtor's chapter 13 case is open, a co-debtor is left alone."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import SENDING, rule
from outreach.compliance.situation import Situation


@rule(
    "BK-03",
    "11 U.S.C. 1301(a)",
    needs=("codebtor_case",),
    ages=(),
    reads=("Consumer.role", "Consumer.codebtor_case", "CodebtorCase.status"),
    channels=(*SENDING, "none"),
    actions=("send_message", "furnish_to_consumer_reporting_agency"),
    spares=("opt_out_confirmation",),
)
def codebtor(s: Situation) -> Finding | None:
    if s.consumer.codebtor_case is None or s.acknowledges:
        return None
    return deny("The main debtor's chapter 13 case is open.", "consumer.codebtor_case", "consumer.role")
