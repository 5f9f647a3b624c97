"""VAL-02 to VAL-05: a validation notice is complete, consistent and states a lawful end date."""

from collections.abc import Iterator

from outreach.compliance import days, disputes
from outreach.compliance.decision import Finding, deny, missing
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "VAL-02",
    "12 CFR 1006.34(c)",
    kinds=("validation_notice",),
    reads=(
        "Content.elements_complete",
        "Content.account_number_display",
        "Content.itemization_reference_dates",
        "Content.stated_period_end",
        "Content.extra",
    ),
    collectors_only=True,
    also={
        "VAL-09": "12 CFR 1006.34(e)",
        "VAL-03": "12 CFR 1006.34(b)(3); comment -1",
        "VAL-04": "12 CFR 1006.34(b)(5)",
    },
)
def validation_notice(s: Situation) -> Iterator[Finding]:
    c = s.content
    if c.elements_complete is None:
        yield missing("message.content.elements_complete")
    elif not c.elements_complete:
        yield deny("A required item of the notice is missing.", "message.content.elements_complete")
    if c.account_number_display == "fully_masked":
        yield deny("The account number must stay recognisable.", "message.content.account_number_display")
    if c.extra == "payment_link":
        yield deny(
            "A payment link is not among the optional items of the notice.", "message.content.extra", also=("VAL-07",)
        )
    if c.itemization_reference_dates is not None and len(set(c.itemization_reference_dates)) > 1:
        yield deny("The notice mixes reference dates.", "message.content.itemization_reference_dates", also=("VAL-03",))
    if "en" not in c.languages and not any(disputes.provided(s, debt) for debt in s.debts):
        yield deny(
            "A translation goes only with the English notice or after it.",
            "message.content.languages",
            also=("VAL-09",),
        )
    sent = max(days.local(s.at, name).date() for name in s.calendar)
    if c.stated_period_end is not None and c.stated_period_end < days.period_end(sent):
        yield deny("The stated end date is too early.", "message.content.stated_period_end", also=("VAL-04",))
