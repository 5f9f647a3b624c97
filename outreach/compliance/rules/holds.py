"""HOLD: a recorded reason for silence. What each reason blocks stands in `law/house.yaml`."""

from collections.abc import Iterator

from outreach.compliance import law
from outreach.compliance.decision import Finding, defer, deny
from outreach.compliance.facts import Hold
from outreach.compliance.rules import SENDING, rule
from outreach.compliance.situation import Situation


@rule(
    "HOLD",
    "house convention",
    needs=("holds",),
    clock=True,
    reads=("Consumer.holds", "Hold.reason", "Hold.since", "Hold.until", "Hold.scope"),
    channels=SENDING,
    jurisdictions=("US", "UK"),
    spares=("opt_out_confirmation",),
)
def holds(s: Situation) -> Iterator[Finding]:
    for hold in s.consumer.holds:
        if _stands(hold, s):
            terms = law.table("house")["holds"][hold.reason]
            if terms["blocks"] == "machine" and s.message.author == "person":
                continue
            if s.kind in terms.get("lets", ()) or (s.acknowledges and terms.get("acknowledges", True)):
                continue
            if hold.until is None:
                yield deny(f"{terms['says']}.", "consumer.holds", also=(terms["rule"],))
            else:
                yield defer(f"{terms['says']}.", hold.until, "consumer.holds", also=(terms["rule"],))


def _stands(hold: Hold, s: Situation) -> bool:
    within = hold.since <= s.at and (hold.until is None or s.at < hold.until)
    return within and (hold.scope in ("person", s.message.to) or hold.scope in s.debt_ids)
