"""DISP-03: the answer to a dispute sent before gives brief reasons and refers, by its date, to the earlier answer."""

from collections.abc import Iterator

from outreach.compliance.decision import Finding, deny
from outreach.compliance.script import Script, phrases
from outreach.compliance.words import words


@words("DISP-03", "12 CFR 1006.38(a)(1), (d)(2)(ii)(A)")
def duplicative(script: Script) -> Iterator[Finding]:
    if script.words.purpose != "duplicative_dispute_notice":
        return
    for part in script.parts:
        if not phrases("same_dispute").search(part):
            yield deny("It gives no reason why the dispute is the same as an earlier one.", "text")
        if not phrases("earlier_answer").search(part) or not phrases("a_date").search(part):
            yield deny("It does not refer to the earlier answer by its date.", "text")
