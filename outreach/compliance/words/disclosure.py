"""DISC-01 to DISC-03, ST-DC-04: who writes and why, in every language of the message and in every part of it."""

from collections.abc import Iterator

from outreach.compliance.decision import Finding, deny
from outreach.compliance.script import Script, phrases
from outreach.compliance.words import words


@words("DISC-02", "12 CFR 1006.18(e)", spares=("opt_out_confirmation",))
def disclosure(script: Script) -> Iterator[Finding]:
    said = script.words
    if not (said.about_account and script.bound) or said.crisis:
        return
    full = script.first or said.purpose == "validation_notice" or "DC" in script.states
    also = ("DISC-01", "DISC-03") + (("ST-DC-04",) if "DC" in script.states else ())
    for language in said.languages:
        wanted = phrases(f"{'full' if full else 'short'}_statement_{language}")
        if not all(wanted.search(part) for part in script.parts):
            what = "full statement of a debt collector" if full else "statement that it is from a debt collector"
            yield deny(f"The {what} is missing in {language}.", "text", also=also)
