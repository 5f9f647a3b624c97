"""ATTY-01, ATTY-02: a represented consumer is left alone, but for one answer to what the consumer writes."""

from outreach.compliance.decision import Finding, allow, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

#: States whose rule needs no name or address of the lawyer (ST-AZ-01, ST-DC-04).
STATEMENT_SUFFICES = {"AZ": "ST-AZ-01", "DC": "ST-DC-04"}


@rule(
    "ATTY-01",
    "12 CFR 1006.6(b)(2); 15 U.S.C. 1692c(a)(2)",
    needs=("attorney", "heard"),
    reads=(
        "Consumer.represented_by_attorney",
        "Attorney.debts",
        "Attorney.address_known",
        "Attorney.readily_ascertainable",
        "Attorney.failed_to_respond",
        "Attorney.consents_to_direct_contact",
    ),
    jurisdictions=("US", "UK"),
    also={
        "ATTY-02": "comment 6(b)(2)-1",
        "CV-10": "house convention",
        "ST-AZ-01": "Ariz. Admin. Code R20-4-1513(A)",
        "ST-DC-04": "D.C. Code 28-3814",
    },
    spares=("opt_out_confirmation",),
    collectors_only=True,
    courtesy=True,
)
def attorney(s: Situation) -> Finding | None:
    record = s.consumer.represented_by_attorney
    fact = "consumer.represented_by_attorney"
    if record is None:
        return _said_so(s)
    if not s.concerns(record.debts) or record.consents_to_direct_contact:
        return None
    strict = tuple(STATEMENT_SUFFICES[state] for state in sorted(s.states & STATEMENT_SUFFICES.keys()))
    out_of_reach = record.address_known is False and record.readily_ascertainable is False
    if not strict and (record.failed_to_respond or out_of_reach):
        return allow("The lawyer's name and address cannot be had, or the lawyer does not answer.", fact)
    if s.answers is not None:
        return allow("One answer to what the represented consumer wrote.", "message.in_reply_to", also=("ATTY-02",))
    unsure = () if record.address_known or record.readily_ascertainable or strict else ("CV-10",)
    return deny("A lawyer represents the consumer in this debt.", fact, also=("ATTY-02", *strict, *unsure))


def _said_so(s: Situation) -> Finding | None:
    if s.answers is not None or not s.said("attorney_representation"):
        return None
    return deny("The consumer wrote of a lawyer and nobody has recorded who it is.", "history.text", also=("CV-10",))
