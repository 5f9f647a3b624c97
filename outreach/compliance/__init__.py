"""May we, now, this way, in these words? Pure: facts in, a decision with reasons and citations out."""

from __future__ import annotations

from outreach.compliance.days import tz_version
from outreach.compliance.decision import Decision, Effect, Finding
from outreach.compliance.engine import decide
from outreach.compliance.explain import explain
from outreach.compliance.facts import Facts
from outreach.compliance.opening import open_until
from outreach.compliance.reading import FactsError, dump, read
from outreach.compliance.script import Words, closed
from outreach.compliance.version import ruleset_version
from outreach.compliance.words import fingerprint, review

__all__ = [
    "Decision",
    "Effect",
    "Facts",
    "FactsError",
    "Finding",
    "Words",
    "closed",
    "decide",
    "dump",
    "explain",
    "fingerprint",
    "open_until",
    "read",
    "review",
    "ruleset_version",
    "tz_version",
]
