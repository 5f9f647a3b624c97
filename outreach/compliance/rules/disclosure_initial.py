"""DISC-01: the initial communication, and the first written one after an oral one, carries the full statement."""

from outreach.compliance.decision import Finding, deny
from outreach.compliance.facts import Debt
from outreach.compliance.rules import rule
from outreach.compliance.situation import Situation

COMMUNICATIONS = ("campaign", "reply", "conversation")
SAME_TALK_SECONDS = 300


@rule(
    "DISC-01",
    "12 CFR 1006.18(e)(1)",
    reads=(
        "Content.disclosure_18e",
        "Content.limited_content",
        "Content.conveys_debt_information",
        "HistoryEntry.uncertain",
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
    if started is None or started > s.at:
        return not [e for e in _made(s, debt) if e != "voice"]
    oral = [e for e in s.past if e.kind == "conversation" and abs((e.at - started).total_seconds()) < SAME_TALK_SECONDS]
    written = debt.validation is not None and debt.validation.provided_at <= s.at
    return s.channel != "voice" and bool(oral) and not written and not [m for m in _made(s, debt) if m != "voice"]


def _made(s: Situation, debt: Debt) -> list[str]:
    """Media of the communications we surely made about a debt."""
    return [
        e.medium
        for e in s.past
        if e.dir == "out" and e.kind in COMMUNICATIONS and not e.uncertain and (not e.debts or debt.id in e.debts)
    ]
