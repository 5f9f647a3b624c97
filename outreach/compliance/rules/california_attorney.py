"""ST-CA-02, ST-DC-04: a lawyer's notice binds a creditor's own staff too; answers stay allowed."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

RULES = {"CA": "ST-CA-02", "DC": "ST-DC-04"}


@rule(
    "ST-CA-02",
    "Cal. Civ. Code 1788.14(c)",
    states=RULES,
    needs=("attorney",),
    reads=("Consumer.represented_by_attorney",),
    spares=("opt_out_confirmation",),
    also={"ST-DC-04": "D.C. Code 28-3814"},
)
def california_attorney(s: Situation) -> Finding | None:
    record = s.consumer.represented_by_attorney
    if record is None or s.answers is not None or not s.concerns(record.debts):
        return None
    if record.consents_to_direct_contact or record.failed_to_respond:
        return None
    unknown = record.address_known is False and record.readily_ascertainable is False
    named = tuple(RULES[state] for state in sorted(s.states & RULES.keys()) if state != "CA" or not unknown)
    if not named:
        return None
    return deny("A lawyer represents the consumer in this debt.", "consumer.represented_by_attorney", also=named)
