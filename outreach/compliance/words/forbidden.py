"""DISC-05, FREQ-01 and others: threats, shame, false urgency, advice, asking for secrets, posing as what we are not."""

from collections.abc import Iterator

from outreach.compliance.decision import Finding, deny
from outreach.compliance.script import Script, phrases, sieve
from outreach.compliance.words import words

#: Phrases of `phrases.yaml`: rule id, what is wrong.
NEVER_SAID = {
    "threats": ("DISC-05", "It threatens"),
    "shame": ("FREQ-01", "It shames"),
    "urgency": ("DISC-05", "It claims an urgency that does not exist"),
    "secrets": ("DISC-05", "It asks for a card, bank or social security number"),
    "human_claim": ("DISC-04", "It claims to be a human being"),
    "attorney_claim": ("DISC-04", "It seems to come from a lawyer"),
    "advice": ("DISC-05", "It advises on law, tax or credit, or promises a better credit report"),
    "continue_now": ("TIME-06", "It asks to carry on now"),
    "sales": ("MAIL-01", "It sells something"),
    "premium": ("UK-03", "It names a number that costs more than a call"),
    "shorteners": ("CTIA-01", "It hides an address behind a link shortener"),
}
CITATIONS = {
    "DISC-05": "12 CFR 1006.18(b), (c)",
    "FREQ-01": "12 CFR 1006.14(a), (d)",
    "DISC-04": "12 CFR 1006.18(b)(1)(iii), (f)",
    "TIME-06": "comment 6(b)(4)(i)-1",
    "MAIL-01": "15 U.S.C. 7702(2)",
    "CTIA-01": "carrier messaging principles",
    "UK-03": "FCA CONC 7.9",
}


@words("DISC-05", CITATIONS["DISC-05"])
def forbidden(script: Script) -> Iterator[Finding]:
    everything = f"{script.outside} {script.own}"
    may_be_said = sieve(*NEVER_SAID)(everything)
    for name in (each for each in NEVER_SAID if each in may_be_said):
        rule, what = NEVER_SAID[name]
        if name == "threats" and script.words.purpose == "cease_exception_specified_remedy" and not script.time_barred:
            continue
        if found := phrases(name).search(everything):
            also = ("TB-01",) if name == "threats" and script.time_barred else ()
            yield deny(f"{what}: “{found.group(0).strip()}”.", "text", also=also).of(rule, CITATIONS[rule])
