"""MEDIA-01: nothing the public or the consumer's contacts can see."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation


@rule(
    "MEDIA-01",
    "12 CFR 1006.22(f)(4)",
    reads=(),
    ages=(),
    channels=("social_public",),
    jurisdictions=("US", "UK"),
    also={"UK-03": "FCA CONC 7.9"},
)
def social_media(s: Situation) -> Finding:
    return deny(
        "The page can be seen by the public or the consumer's contacts.", "message.channel", also=("TP-01", "UK-03")
    )
