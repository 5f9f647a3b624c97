"""DEF-03: a voicemail without the statement holds a business name, names, a number and a request to reply."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.script import MONEY, Script, phrases
from outreach.compliance.words import words


@words("DEF-03", "12 CFR 1006.2(j)", media=("voice",))
def limited_content(script: Script) -> Finding | None:
    if script.words.about_account:
        return None
    found = phrases("voicemail_extra").search(script.body) or MONEY.search(script.body)
    return deny(f"It says more than a limited-content message may: “{found.group(0)}”.", "text") if found else None
