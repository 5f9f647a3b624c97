"""REC-01: records stay until three years after the last collection activity, of which every contact is one."""

from datetime import datetime

from outreach.compliance import law
from outreach.compliance.decision import Finding, defer, missing
from outreach.compliance.rules import ANY, rule
from outreach.compliance.situation import Situation

YEARS = law.parameter("federal", "retention_years")


@rule(
    "REC-01",
    "12 CFR 1006.100(a), (b)",
    clock=True,
    reads=("Facts.last_collection_activity_at",),
    channels=ANY,
    actions=("purge_records",),
    jurisdictions=("US", "UK"),
    also={"ST-NYC-03": "6 RCNY 2-193"},
)
def retention(s: Situation) -> Finding | None:
    last = s.facts.last_collection_activity_at
    if last is None:
        return missing("last_collection_activity_at")
    for entry in s.past:
        if entry.dir == "out":
            last = max(last, entry.at)
    keep_until = _years_later(last, YEARS.on(s.today))
    return (
        defer("The records are still evidence of compliance.", keep_until, "last_collection_activity_at")
        if s.at < keep_until
        else None
    )


def _years_later(at: datetime, years: int) -> datetime:
    """The anniversary; of 29 February, the first of March."""
    try:
        return at.replace(year=at.year + years)
    except ValueError:
        return at.replace(year=at.year + years, month=3, day=1)
