"""CV-10: a placeholder nobody filled in means the message says something nobody wrote."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.script import Script, phrases, sieve
from outreach.compliance.words import words


@words("CV-10", "house convention")
def left_over(script: Script) -> Finding | None:
    everything = f"{script.outside} {script.body}"
    if not script.body.strip():
        return deny("There are no words.", "text")
    found = phrases("left_over").search(everything) if sieve("left_over")(everything) else None
    return deny(f"A placeholder is left: “{found.group(0)}”.", "text") if found else None
