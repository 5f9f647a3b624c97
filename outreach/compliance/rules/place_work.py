"""PLACE-02: nothing to a place of employment whose employer is known to forbid it."""

import re

from outreach.compliance import location
from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

#: How people name the place in either language.
WORK = re.compile(r"work|job|office|employ|trabaj|oficina|empleo")


@rule(
    "PLACE-02",
    "12 CFR 1006.6(b)(3); comment 6(b)(3)-1",
    needs=("owner",),
    jurisdictions=("US", "UK"),
    also={"UK-01": "FCA CONC 7.9"},
    reads=("Consumer.employer_prohibits_contact",),
    channels=("sms", "voice"),
    spares=("opt_out_confirmation",),
    collectors_only=True,
    courtesy=True,
)
def place_work(s: Situation) -> Finding | None:
    if s.answers is not None or s.phone is None or not location.is_work(s.phone):
        return None
    told = any(WORK.search(entry.text.lower()) for entry in s.said("inconvenient_time_or_place"))
    if s.consumer.employer_prohibits_contact or told:
        return deny(
            "The employer does not allow such calls at work.",
            "consumer.employer_prohibits_contact",
            "phones.owner",
            also=("UK-01",) if s.facts.jurisdiction == "UK" else (),
        )
    return None
