"""DISC-01: the initial communication, and the first written one after an oral one, carries the full statement."""

from outreach.compliance import communications, disputes
from outreach.compliance.decision import Finding, deny
from outreach.compliance.facts import Debt
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

SAME_TALK_SECONDS = 300


@rule(
    "DISC-01",
    "12 CFR 1006.18(e)(1)",
    reads=(
        "Content.disclosure_18e",
        "Content.limited_content",
        "Content.conveys_debt_information",
        "HistoryEntry.uncertain",
        "HistoryEntry.informs",
        "Debt.initial_communication_at",
        "Debt.validation",
    ),
    collectors_only=True,
    spares=("opt_out_confirmation",),
)
def disclosure_initial(s: Situation) -> Finding | None:
    if s.content.disclosure_18e == "initial" or not s.informs:
        return None
    first = [debt.id for debt in s.debts if _is_first(s, debt)]
    if not first:
        return None
    return deny(
        f"The first communication about {first[0]} needs the full statement.",
        "message.content.disclosure_18e",
        "debts.initial_communication_at",
    )


def _is_first(s: Situation, debt: Debt) -> bool:
    started = debt.initial_communication_at
    written_before = [
        e for e in communications.about(s, debt) if e.dir == "out" and e.medium != "voice" and not e.uncertain
    ]
    if started is None or started > s.at:
        return not written_before
    oral = [e for e in s.past if e.medium == "voice" and abs((e.at - started).total_seconds()) <= SAME_TALK_SECONDS]
    written = disputes.provided(s, debt)
    return s.channel != "voice" and bool(oral) and not written and not written_before
