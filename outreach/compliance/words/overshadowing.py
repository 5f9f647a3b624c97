"""VAL-07: in the validation period no demand or deadline drowns the right to dispute."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.script import Script, phrases
from outreach.compliance.words import words


@words("VAL-07", "12 CFR 1006.38(b)", spares=("validation_notice",))
def overshadowing(script: Script) -> Finding | None:
    if script.in_validation_period and (found := phrases("overshadowing").search(script.own)):
        return deny(f"It overshadows the right to dispute: “{found.group(0)}”.", "text")
    return None
