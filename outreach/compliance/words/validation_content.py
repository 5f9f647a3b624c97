"""VAL-02: a validation notice holds every item of 12 CFR 1006.34(c), by the words of Model Form B-1, in each of its languages."""

from collections.abc import Iterator

from outreach.compliance.decision import Finding, deny
from outreach.compliance.script import Script, phrases
from outreach.compliance.words import words

#: What a notice has to hold, and the lists of `phrases.yaml`, one a language, that know it.
ITEMS = {
    "to whom the debt is owed": "notice_creditor",
    "the account, recognisably": "notice_account",
    "the amount on the itemization date": "notice_amount_then",
    "interest since, or that there was none": "notice_interest",
    "fees since, or that there were none": "notice_fees",
    "payments and credits since, or that there were none": "notice_credits",
    "the amount now": "notice_amount_now",
    "until when the debt may be disputed": "notice_dispute_by",
    "that the information is otherwise assumed to be correct": "notice_assumed",
    "that collection of a disputed amount stops until it is verified": "notice_stops",
    "that the original creditor may be asked for": "notice_original_creditor",
    "the bureau's page on debt collection": "notice_bureau",
}
#: Of a notice sent electronically besides.
ELECTRONIC = {"how to dispute electronically": "notice_electronic"}
#: The response form, whose prompts stand in this order (1006.34(c)(4)).
FORM = ("form_heading", "form_check", "form_dispute", "form_not_mine", "form_amount", "form_other", "form_creditor")
#: The consumer's and the collector's own.
ADDRESSES = 2


@words("VAL-02", "12 CFR 1006.34(c), (d)(2)", media=("mail", "email", "web"))
def validation_content(script: Script) -> Iterator[Finding]:
    if script.words.purpose != "validation_notice":
        return
    for part in script.parts:
        if len(phrases("an_address").findall(part)) < ADDRESSES:
            yield deny("The notice leaves out a mailing address, theirs or ours.", "text")
        for language in script.words.languages:
            yield from _in_one(part, language, electronic=script.words.medium != "mail")


def _in_one(part: str, language: str, *, electronic: bool) -> Iterator[Finding]:
    for what, name in (ITEMS | ELECTRONIC if electronic else ITEMS).items():
        if not phrases(f"{name}_{language}").search(part):
            yield deny(f"The notice leaves out {what}, in {language}.", "text", "languages")
    found = [phrases(f"{name}_{language}").search(part) for name in FORM]
    places = [each.start() for each in found if each]
    if len(places) < len(FORM) or places != sorted(places):
        yield deny(f"The response form's prompts are not all there in their order, in {language}.", "text", "languages")
