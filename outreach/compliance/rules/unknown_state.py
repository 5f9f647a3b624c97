"""ST-XX: a state nobody has written a pack for: federal law, our strictest cap, and a warning."""

from functools import lru_cache

from outreach.compliance import law
from outreach.compliance.decision import Finding, allow
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

PACKS = law.parameter("states", "packs")


@rule("ST-XX", "house convention", reads=(), spares=("opt_out_confirmation",))
def unknown_state(s: Situation) -> Finding | None:
    packs = PACKS.on(s.today)
    return _warning(frozenset(missing)) if (missing := [state for state in s.states if state not in packs]) else None


@lru_cache(maxsize=256)
def _warning(missing: frozenset[str]) -> Finding:
    named = ", ".join(sorted(missing))
    return allow(f"No rules of {named} are written; federal law was applied.", "consumer.addresses.state")
