"""OPT-01: how to opt out, in words a person understands, in every text and email."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.script import Script, phrases
from outreach.compliance.words import words


@words("OPT-01", "12 CFR 1006.6(e); comment 6(e)-1", media=("sms", "email"), spares=("opt_out_confirmation",))
def stop_line(script: Script) -> Finding | None:
    wanted = phrases(f"stop_line_{script.words.medium}")
    if script.words.crisis or all(wanted.search(part) for part in script.parts):
        return None
    return deny("It does not say how to opt out.", "text")
