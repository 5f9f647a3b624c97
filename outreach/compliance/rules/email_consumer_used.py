"""EML-01: the consumer used the address to write to us about the debt."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "EML-01",
    "12 CFR 1006.6(d)(4)(i)(A)",
    reads=("EmailBasis.type", "EmailBasis.at"),
    channels=("email",),
    collectors_only=True,
    courtesy=True,
    spares=("opt_out_confirmation",),
)
def email_consumer_used(s: Situation) -> Finding | None:
    given = s.email and s.email.email_basis
    if not given or given.type != "consumer_used" or s.answers is not None or given.at is None or given.at <= s.at:
        return None
    return deny("The consumer had not yet used this address with us.", "emails.email_basis.at", also=("CV-05",))
