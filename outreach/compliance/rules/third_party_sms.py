"""PROV-03: providers forbid texts about third-party debts; they are off until an owner turns them on with a reason."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "PROV-03",
    "provider policy 30460, 30863",
    ages=(),
    reads=("Collector.sms_third_party_allowed",),
    channels=("sms",),
    jurisdictions=("US", "UK"),
)
def third_party_sms(s: Situation) -> Finding | None:
    collector = s.facts.collector
    if (
        collector.sms_third_party_allowed is False
        and collector.kind == "third_party"
        and s.answers is None
        and s.kind != "opt_out_confirmation"
    ):
        return deny("Texts about other creditors' debts are off for this sender.", "collector.sms_third_party_allowed")
    return None
