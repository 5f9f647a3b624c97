"""CEASE-01 to CEASE-03: after a written refusal or request to cease, silence about that debt but for three notices."""

from outreach.compliance.decision import Finding, allow, deny
from outreach.compliance.facts import Cease
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

NOTICES = ("cease_exception_terminate", "cease_exception_specified_remedy")


@rule(
    "CEASE-01",
    "12 CFR 1006.6(c)(1); 15 U.S.C. 1692c(c)",
    needs=("cease", "heard"),
    reads=(
        "Consumer.cease",
        "Cease.debts",
        "Cease.via",
        "Cease.received_at",
        "Cease.text",
        "Collector.accepts_inbound",
    ),
    jurisdictions=("US", "UK"),
    collectors_only=True,
    courtesy=True,
    also={"UK-01": "FCA CONC 7.9", "CEASE-02": "12 CFR 1006.6(c)(2)", "CEASE-03": "comment 6(c)(1)-1"},
)
def cease(s: Situation) -> Finding | None:
    requests = [request for request in s.consumer.cease if _effective(s, request)]
    written = s.said("cease_communication", written=True)
    if not requests and not written:
        return None
    if s.acknowledges:
        return allow("One acknowledgement of what the consumer wrote.", "message.content.acknowledgement")
    if s.kind not in NOTICES:
        also = ("CEASE-03", "UK-01") if s.facts.jurisdiction == "UK" else ("CEASE-03",)
        return deny("The consumer refused to pay or asked us to cease, in writing.", "consumer.cease", also=also)
    if s.content.extra or s.content.amount_demanded is not None or s.content.asks:
        return deny("A notice after a cease request may hold nothing else.", "message.content", also=("CEASE-02",))
    return allow("One of the notices still allowed after a cease request.", "message.kind", also=("CEASE-02",))


def _effective(s: Situation, request: Cease) -> bool:
    accepted = request.via == "mail" or request.via in s.facts.collector.accepts_inbound
    received = request.received_at is None or request.received_at <= s.at
    return accepted and received and s.concerns(request.debts)
