"""EML-04: an earlier collector got the address lawfully, the one just before us used it, and nobody opted out."""

from outreach.compliance import basis
from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "EML-04",
    "12 CFR 1006.6(d)(4)(iii); comment -1",
    ages=(),
    reads=("EmailBasis.chain", "PriorCollector.obtained_via", "PriorCollector.used_email", "PriorCollector.opted_out"),
    channels=("email",),
    collectors_only=True,
    courtesy=True,
    spares=("opt_out_confirmation",),
)
def email_prior_collector(s: Situation) -> Finding | None:
    given = s.email and s.email.email_basis
    if not given or given.type != "prior_collector" or basis.consumer_wrote(s):
        return None
    if not any(link.obtained_via for link in given.chain):
        return deny(
            "No earlier collector got the address in a lawful way.",
            "emails.email_basis.chain.obtained_via",
            also=("CV-05",),
        )
    if not given.chain[-1].used_email:
        return deny(
            "The collector just before us did not use the address.",
            "emails.email_basis.chain.used_email",
            also=("CV-05",),
        )
    if any(link.opted_out for link in given.chain):
        return deny(
            "The consumer opted out with an earlier collector.", "emails.email_basis.chain.opted_out", also=("CV-05",)
        )
    return None
