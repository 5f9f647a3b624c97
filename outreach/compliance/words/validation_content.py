"""VAL-02: a validation notice holds every item of 12 CFR 1006.34(c), by the words of Model Form B-1."""

from collections.abc import Iterator

from outreach.compliance.decision import Finding, deny
from outreach.compliance.script import Script, phrases
from outreach.compliance.words import words

#: What a notice has to hold, and the list of `phrases.yaml` that knows it.
ITEMS = {
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
#: The response form, whose prompts stand in this order (1006.34(c)(4)).
FORM = ("form_heading", "form_check", "form_dispute", "form_not_mine", "form_amount", "form_other", "form_creditor")


@words("VAL-02", "12 CFR 1006.34(c), (d)(2)", media=("mail", "email", "web"))
def validation_content(script: Script) -> Iterator[Finding]:
    if script.words.purpose != "validation_notice":
        return
    for part in script.parts:
        for what, name in ITEMS.items():
            if not phrases(name).search(part):
                yield deny(f"The notice leaves out {what}.", "text")
        places = [found.start() if (found := phrases(name).search(part)) else -1 for name in FORM]
        if -1 in places or places != sorted(places):
            yield deny("The response form's prompts are not all there in their order.", "text")
