"""EML-05: no email to an employer's address, but where the consumer used it, consented, or it came by EML-04."""

from outreach.compliance import basis
from outreach.compliance.decision import Finding, allow, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

GOOD = ("consumer_used", "direct_consent", "prior_collector")


@rule(
    "EML-05",
    "12 CFR 1006.22(f)(3); comment 22(f)(3)-1",
    ages=(),
    reads=("Email.employer_provided", "EmailBasis.type"),
    channels=("email",),
    collectors_only=True,
    courtesy=True,
    spares=("opt_out_confirmation",),
)
def email_employer(s: Situation) -> Finding | None:
    if not s.email or not any(e.employer_provided for e in s.mailboxes_there):
        return None
    given = s.email.email_basis
    if basis.consumer_wrote(s) or (given is not None and given.type in GOOD):
        return allow(
            "The consumer used or consented to this work address.",
            "emails.employer_provided",
            "emails.email_basis.type",
        )
    return deny("The employer provides this address.", "emails.employer_provided", also=("PLACE-02",))
