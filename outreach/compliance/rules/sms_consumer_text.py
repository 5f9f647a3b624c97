"""SMS-01: the consumer texted us about the debt from that number, not more than sixty days ago or checked since."""

from outreach.compliance import basis
from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "SMS-01",
    "12 CFR 1006.6(d)(5)(i); comment 6(d)(5)(i)-1",
    reads=("Phone.sms_basis", "SmsBasis.type", "SmsBasis.at", "SmsBasis.reassigned_check"),
    channels=("sms",),
    collectors_only=True,
    courtesy=True,
    spares=("opt_out_confirmation",),
)
def sms_consumer_text(s: Situation) -> Finding | None:
    given = s.phone and s.phone.sms_basis
    if not given or given.type not in ("consumer_text", "consumer_call") or basis.texts_allowed(s):
        return None
    if given.type == "consumer_call":
        return deny(
            "A telephone call from a number is no basis for texts to it.", "phones.sms_basis.type", also=("CV-05",)
        )
    return deny(
        "The consumer's last text is too old, and no clean database check renews it.",
        "phones.sms_basis.at",
        also=("CV-05", "SMS-03"),
    )
