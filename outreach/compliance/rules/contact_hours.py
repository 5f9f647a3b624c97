"""TIME-01, TIME-02: 08:00 to 21:00 in every zone the consumer may be in, or a time the consumer agreed to with us."""

from datetime import datetime
from functools import lru_cache

from outreach.compliance import hours, location, opening
from outreach.compliance.decision import Finding, allow, defer
from outreach.compliance.rules import LIVE, rule
from outreach.compliance.situation import Situation


@rule(
    "TIME-01",
    "12 CFR 1006.6(b)(1)(i); 15 U.S.C. 1692c(a)(1)",
    clock=True,
    reads=(
        "Consumer.convenient_times",
        "ConvenientTime.days",
        "ConvenientTime.from_",
        "ConvenientTime.to",
        "ConvenientTime.given_directly_to_collector_at",
    ),
    channels=LIVE,
    collectors_only=True,
    courtesy=True,
    also={"TIME-02": "comment 6(b)(1)(i)-2", "TIME-06": "12 CFR 1006.6(b)(4)(i)", "CV-04": "house convention"},
    spares=("opt_out_confirmation",),
)
def contact_hours(s: Situation) -> Finding | None:
    if s.prompt:
        return allow(
            "One reply to what the consumer wrote is allowed at any hour.", "message.in_reply_to", also=("CV-04",)
        )
    if hours.in_hours(s.at, s.zones):
        return None
    earliest = opening.first_open(s)
    if earliest == s.at:
        return allow("The consumer agreed to this hour with us.", "consumer.convenient_times", also=("TIME-06",))
    return _closed(s.zones, earliest, bool(s.consumer.convenient_times))


@lru_cache(maxsize=1024)
def _closed(zones: frozenset[str], earliest: datetime | None, agreed: bool) -> Finding:
    """Kept, for a campaign at night says it to everybody in a zone."""
    also = ("TIME-02", "TIME-03", "CV-01") + (("TIME-06",) if agreed else ())
    return defer(
        f"It is outside contact hours in {location.describe(zones)}.",
        earliest,
        "consumer.addresses",
        "phones",
        also=also,
    )
