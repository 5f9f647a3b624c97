"""TIME-06: a collector may ask for a better time, never to carry on at an inconvenient one."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule("TIME-06", "12 CFR 1006.6(b)(4)(i); comment 6(b)(4)(i)-1", needs=("asks",), ages=(), reads=("Content.asks",))
def consent_now(s: Situation) -> Finding | None:
    if s.content.asks == "consent_to_continue_now":
        return deny("The message asks for consent to carry on now.", "message.content.asks")
    return None
