"""OPT-03: a confirmation of an opt-out says that it was received and will be honoured, and nothing else."""

from collections.abc import Iterator

from outreach.compliance.decision import Finding, deny
from outreach.compliance.script import MONEY, Script, phrases
from outreach.compliance.words import words

LONGEST = 320


@words("OPT-03", "12 CFR 1006.14(h)(2)(i); 47 CFR 64.1200(a)(12)")
def confirmation(script: Script) -> Iterator[Finding]:
    if script.words.purpose != "opt_out_confirmation":
        return
    body = script.body
    if not phrases("confirmation").search(body):
        yield deny("It does not confirm the opt-out.", "text")
    if MONEY.search(body) or phrases("debt_words").search(body) or phrases("asks_payment").search(body):
        yield deny("A confirmation may not speak of a debt or a payment.", "text", also=("TCPA-03",))
    if "?" in body or "http" in body or len(body) > LONGEST:
        yield deny("A confirmation may hold nothing but the confirmation.", "text", also=("TCPA-03",))
