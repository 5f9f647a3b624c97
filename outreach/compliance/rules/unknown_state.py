"""ST-XX: a state nobody has written a pack for: federal law, our strictest cap, and a warning."""

from outreach.compliance import law
from outreach.compliance.decision import Finding, allow
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

PACKS = law.parameter("states", "packs")


@rule("ST-XX", "house convention", reads=(), spares=("opt_out_confirmation",))
def unknown_state(s: Situation) -> Finding | None:
    missing = s.states - set(PACKS.on(s.today))
    if not missing:
        return None
    return allow(
        f"No rules of {', '.join(sorted(missing))} are written; federal law was applied.", "consumer.addresses.state"
    )
