"""TP-01: whom the message addresses must be the consumer, or one who stands for the consumer."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "TP-01",
    "12 CFR 1006.6(a), (d)(1)",
    needs=("stands_for_another",),
    ages=(),
    reads=("Recipient.role", "Consumer.adult"),
    jurisdictions=("US", "UK"),
)
def recipient(s: Situation) -> Finding | None:
    role = s.message.recipient.role
    if role == "parent" and s.consumer.adult is not False:
        return deny("A parent stands for the consumer only while the consumer is a minor.", "message.recipient.role")
    if role in ("personal_representative", "estate") and s.consumer.deceased is None:
        return deny("A representative stands for the consumer only after death.", "message.recipient.role")
    return None
