"""ST-CA-01: the California licence number, in twelve-point type or larger where type has a size."""

import re

from outreach.compliance.decision import Finding, deny
from outreach.compliance.script import Script, plain
from outreach.compliance.words import words

NUMBER = re.compile(r"\b(?:licen[cs]e|lic\.?|licencia)\b.{0,30}?\d[\d-]{3,}")


@words("ST-CA-01", "Cal. Civ. Code 1788.11(f)", media=("sms", "email", "mail", "web"), spares=("opt_out_confirmation",))
def licence(script: Script) -> Finding | None:
    if "CA" not in script.states or script.words.crisis:
        return None
    number = plain(script.words.licence)
    shown = all(number in part if number else NUMBER.search(part) for part in script.parts)
    return None if shown else deny("The California licence number is missing.", "text", "licence")
