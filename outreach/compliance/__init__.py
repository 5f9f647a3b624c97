"""May we, now, this way, in these words? Pure: facts in, a decision with reasons and citations out."""

from __future__ import annotations

from outreach.compliance.days import tz_version
from outreach.compliance.decision import Decision, Effect, Finding
from outreach.compliance.engine import decide
from outreach.compliance.facts import Facts
from outreach.compliance.opening import open_until
from outreach.compliance.reading import FactsError
from outreach.compliance.version import ruleset_version

__all__ = [
    "Decision",
    "Effect",
    "Facts",
    "FactsError",
    "Finding",
    "decide",
    "open_until",
    "ruleset_version",
    "tz_version",
]
