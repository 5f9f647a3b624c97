"""PLACE-02: nothing to a place of employment whose employer is known to forbid it."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

WORK = ("work", "employer", "office", "job", "workplace")


@rule(
    "PLACE-02",
    "12 CFR 1006.6(b)(3); comment 6(b)(3)-1",
    reads=("Consumer.employer_prohibits_contact",),
    channels=("sms", "voice"),
    spares=("opt_out_confirmation",),
)
def place_work(s: Situation) -> Finding | None:
    owner = (s.phone and s.phone.owner) or ""
    if not s.consumer.employer_prohibits_contact or s.answers is not None:
        return None
    if any(word in owner.lower() for word in WORK):
        return deny(
            "The employer does not allow such calls at work.", "consumer.employer_prohibits_contact", "phones.owner"
        )
    return None
