"""TIME-04, TIME-05: times the consumer called inconvenient stay closed, but for one reply to a message of theirs."""

from outreach.compliance import opening
from outreach.compliance.decision import Finding, allow, defer
from outreach.compliance.rules import LIVE, rule
from outreach.compliance.situation import Situation


@rule(
    "TIME-04",
    "12 CFR 1006.6(b)(1); comment 6(b)(1)-1",
    needs=("inconvenient_times",),
    clock=True,
    reads=(
        "Consumer.inconvenient_times",
        "InconvenientTime.days",
        "InconvenientTime.from_",
        "InconvenientTime.to",
        "InconvenientTime.until",
    ),
    channels=LIVE,
    jurisdictions=("US", "UK"),
    also={"TIME-05": "comment 6(b)(1)-2", "UK-01": "FCA CONC 7.9"},
    spares=("opt_out_confirmation",),
    collectors_only=True,
    courtesy=True,
)
def inconvenient_times(s: Situation) -> Finding | None:
    if not s.consumer.inconvenient_times:
        return None
    earliest = opening.first_convenient(s)
    if earliest == s.at:
        return None
    if s.prompt:
        return allow(
            "One reply to the consumer's own message is allowed then.", "message.in_reply_to", also=("TIME-05",)
        )
    also = ("TIME-05", "UK-01") if s.facts.jurisdiction == "UK" else ("TIME-05",)
    return defer("The consumer called this time inconvenient.", earliest, "consumer.inconvenient_times", also=also)
