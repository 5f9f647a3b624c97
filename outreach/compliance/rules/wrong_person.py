"""TP-01, TP-02: an address known to be another person's, or reported to have reached one, is dead."""

from collections.abc import Iterator

from outreach.compliance import location
from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "TP-02",
    "12 CFR 1006.6(d)(1), (d)(3)(ii); comment 6(d)(3)(ii)-1",
    ages=("reported",),
    reads=("Phone.third_party_disclosure_reported", "DisclosureReport.at"),
    channels=("sms", "voice", "email"),
    jurisdictions=("US", "UK"),
    also={"TP-01": "12 CFR 1006.6(d)(1)"},
    spares=("opt_out_confirmation",),
)
def wrong_person(s: Situation) -> Iterator[Finding]:
    endpoint = s.email if s.channel == "email" else s.phone
    if endpoint is None:
        yield deny("The address the message goes to is not among phones and emails.", "message.to")
        return
    if s.acknowledges and not s.informs:
        return  # the one neutral answer to whoever said so: it tells nothing about a debt or a person
    strangers = [p.id for p in s.numbers_there if not location.is_consumers(p)]
    if strangers or [e.id for e in s.mailboxes_there if e.status != "current"]:
        also = ("TP-01", "TP-03") if s.channel == "voice" else ("TP-01",)
        yield deny(
            f"{endpoint.id} is not, or no longer, the consumer's own.", "phones.status", "phones.owner", also=also
        )
    if [p for p in s.numbers_there if p.third_party_disclosure_reported and location.is_reported(p, s.at)]:
        yield deny(
            "Somebody reported that messages there reach another person.",
            "phones.third_party_disclosure_reported",
            also=("TP-01",),
        )
    if s.said("wrong_number", here=True) and not s.acknowledges:
        yield deny("Whoever answers there said it is the wrong person.", "history.text", also=("TP-01",))
