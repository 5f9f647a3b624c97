"""CV-05: a text or email needs a documented basis for that address; one reply does not."""

from outreach.compliance import basis
from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import ELECTRONIC, rule
from outreach.compliance.situation import Situation


@rule(
    "CV-05",
    "12 CFR 1006.6(d)(3)(i); house convention",
    reads=("Email.email_basis",),
    channels=ELECTRONIC,
    jurisdictions=("US", "UK"),
    collectors_only=True,
    courtesy=True,
    spares=("opt_out_confirmation",),
)
def basis_missing(s: Situation) -> Finding | None:
    if s.channel == "sms":
        if ((given := s.phone and s.phone.sms_basis) and given.type != "none") or basis.texts_allowed(s):
            return None
        return deny("No basis for texts to this number is on record.", "phones.sms_basis", also=("SMS-01", "SMS-02"))
    if ((written := s.email and s.email.email_basis) and written.type != "none") or basis.consumer_wrote(s):
        return None
    return deny("No basis for emails to this address is on record.", "emails.email_basis", also=("EML-01", "EML-02"))
