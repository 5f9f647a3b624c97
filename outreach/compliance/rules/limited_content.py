"""DEF-03: a limited-content message is a voicemail for the consumer with four items; no text or email can be one."""

from outreach.compliance import location
from outreach.compliance.decision import Finding, allow, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "DEF-03",
    "12 CFR 1006.2(j); comments 2(j)-1, -2",
    collectors_only=True,
    spares=("opt_out_confirmation",),
    needs=("limited_content",),
    ages=(),
    reads=("Content.limited_content", "Content.conveys_debt_information", "Content.mentions"),
)
def limited_content(s: Situation) -> Finding | None:
    if not s.content.limited_content:
        return None
    if s.channel != "voice":
        return deny(
            "Only a voicemail can be a limited-content message.", "message.content.limited_content", also=("DISC-02",)
        )
    if s.phone and not location.is_consumers(s.phone):
        return deny(
            "A message left knowingly for somebody else is no limited-content message.",
            "phones.status",
            also=("TP-01",),
        )
    if s.informs:
        fact = "message.content.mentions"
        return deny("It says more than a limited-content message may.", fact, also=("DISC-02",))
    return allow("A limited-content message needs no statement.", "message.content.limited_content")
