"""VAL-06: mail goes to the last known address, not to one known to be left."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule("VAL-06", "12 CFR 1006.42(a)(1); comment 42(a)(1)-3", reads=(), ages=(), channels=("mail",))
def mailing_address(s: Situation) -> Finding | None:
    if any(address.status == "current" for address in s.consumer.addresses):
        return None
    return deny("No current postal address is known.", "consumer.addresses")
