"""TB-01, ST-CA-02, ST-TX-01: words on paying a time-barred debt say that nobody will be sued for it."""

from collections.abc import Iterator

from outreach.compliance.decision import Finding, deny
from outreach.compliance.script import MONEY, Script, phrases
from outreach.compliance.words import words

STATE_RULES = {"CA": "ST-CA-02", "TX": "ST-TX-01"}


@words("TB-01", "12 CFR 1006.26(b); Cal. Civ. Code 1788.14(d)", spares=("opt_out_confirmation",))
def time_barred(script: Script) -> Iterator[Finding]:
    if not (script.time_barred and script.words.about_account) or script.words.crisis:
        return
    if not (MONEY.search(script.own) or phrases("payment_words").search(script.own)):
        return
    also = tuple(STATE_RULES[state] for state in sorted(script.states & STATE_RULES.keys()))
    for language in script.words.languages:
        if not all(phrases(f"time_barred_notice_{language}").search(part) for part in script.parts):
            yield deny(f"The notice on the age of the debt is missing in {language}.", "text", also=also)
