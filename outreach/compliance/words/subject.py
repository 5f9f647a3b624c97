"""VAL-06: a disclosure the law demands comes by mail with a subject that says whose it is, or the person may never open it."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.script import Script
from outreach.compliance.words import words


@words("VAL-06", "12 CFR 1006.42(a)(1); comment 42(a)(1)-1", media=("email",))
def subject(script: Script) -> Finding | None:
    if script.required and not script.words.subject.strip():
        return deny("The subject says nothing of what is inside.", "subject")
    return None
