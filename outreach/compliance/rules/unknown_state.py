"""ST-XX: a state nobody has written a pack for: federal law, our strictest cap, and a warning."""

from datetime import date
from functools import lru_cache

from outreach.compliance import law
from outreach.compliance.decision import Finding, allow
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

PACKS = law.parameter("states", "packs")


@rule("ST-XX", "house convention", reads=(), spares=("opt_out_confirmation",))
def unknown_state(s: Situation) -> Finding | None:
    return _warning(s.states, s.today)


@lru_cache(maxsize=1024)
def _warning(states: frozenset[str], today: date) -> Finding | None:
    """Kept, for it is said to everybody who lives there."""
    if not (missing := states - set(PACKS.on(today))):
        return None
    named = ", ".join(sorted(missing))
    return allow(f"No rules of {named} are written; federal law was applied.", "consumer.addresses.state")
