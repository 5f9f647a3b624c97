"""EML-02: consent to emails given to us directly; typed into the portal only with the statement of use."""

from outreach.compliance import basis
from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "EML-02",
    "12 CFR 1006.6(d)(4)(i)(B); comments -1, -2",
    reads=("EmailBasis.type", "EmailBasis.at"),
    channels=("email",),
    collectors_only=True,
    courtesy=True,
    spares=("opt_out_confirmation",),
)
def email_consent(s: Situation) -> Finding | None:
    given = s.email and s.email.email_basis
    if not given or basis.consumer_wrote(s):
        return None
    if given.type == "portal_without_disclosure":
        return deny(
            "The portal did not say that the address may be used about the debt.",
            "emails.email_basis.type",
            also=("CV-05",),
        )
    if given.type == "direct_consent" and given.at is not None and given.at > s.at:
        return deny("The consumer had not yet consented to emails.", "emails.email_basis.at", also=("CV-05",))
    return None
