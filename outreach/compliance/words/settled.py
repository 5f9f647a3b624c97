"""DISC-05: nothing is asked on a debt that is paid, settled or closed."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.script import Script, phrases
from outreach.compliance.words import words


@words("DISC-05", "12 CFR 1006.18(b)(2)", spares=("opt_out_confirmation",))
def settled(script: Script) -> Finding | None:
    if script.settled and (found := phrases("asks_payment").search(script.own)):
        return deny(f"It asks for payment of a debt that is no longer open: “{found.group(0)}”.", "text")
    return None
