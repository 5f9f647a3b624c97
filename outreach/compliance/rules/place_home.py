"""PLACE-01: mail and landlines belong to a place; mobiles and email do not."""

import re

from outreach.compliance.decision import Finding, allow, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

#: How people name the place in either language.
HOME = re.compile(r"\b(?:home|house|apartment|residence|my place|casa|hogar|domicilio|departamento|apartamento)\b")


@rule(
    "PLACE-01",
    "12 CFR 1006.6(b)(1)(ii); comment 6(b)(1)(ii)-1",
    needs=("inconvenient_places", "heard"),
    jurisdictions=("US", "UK"),
    also={"UK-01": "FCA CONC 7.9"},
    ages=(),
    reads=("Consumer.inconvenient_places", "Phone.line"),
    collectors_only=True,
    courtesy=True,
    spares=("opt_out_confirmation",),
)
def place_home(s: Situation) -> Finding | None:
    recorded = "home" in s.consumer.inconvenient_places
    if not recorded and not any(HOME.search(entry.text.lower()) for entry in s.said("inconvenient_time_or_place")):
        return None
    fact = "consumer.inconvenient_places" if recorded else "history.text"
    tied = s.channel == "mail" or (s.phone is not None and s.phone.line != "mobile")
    if not tied:
        return allow("A mobile number or mailbox is not tied to the home.", fact)
    if s.answers is not None:
        return allow("One answer to the consumer who called from there.", "message.in_reply_to", also=("TIME-05",))
    also = ("UK-01",) if s.facts.jurisdiction == "UK" else ()
    return deny("The consumer does not want to be contacted at home.", fact, "phones.line", also=also)
