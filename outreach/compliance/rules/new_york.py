"""ST-NY-02: in New York State email goes only to an address the consumer volunteered, not to an employer's."""

from outreach.compliance import basis
from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "ST-NY-02",
    "23 NYCRR 1.6 (to be confirmed by counsel)",
    states=("NY",),
    ages=(),
    reads=("EmailBasis.type", "Email.employer_provided"),
    channels=("email",),
    collectors_only=True,
    spares=("opt_out_confirmation",),
)
def new_york(s: Situation) -> Finding | None:
    if s.email is None or s.answers is not None:
        return None
    given = s.email.email_basis
    volunteered = basis.consumer_wrote(s) or (given is not None and given.type in ("direct_consent", "consumer_used"))
    if s.email.employer_provided or not volunteered:
        return deny(
            "New York wants an address the consumer volunteered, not an employer's.",
            "emails.email_basis.type",
            "emails.employer_provided",
        )
    return None
