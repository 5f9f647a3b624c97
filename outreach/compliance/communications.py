"""What was said about a debt before, from the field and from the log: when it began, and whether it was in writing."""

from __future__ import annotations

from datetime import datetime

from outreach.compliance.facts import Debt, HistoryEntry
from outreach.compliance.situation import Situation


def about(s: Situation, debt: Debt) -> list[HistoryEntry]:
    """Communications about a debt that may have arrived, in order; one that names no debt is about every debt."""
    return [e for e in s.informed if not e.debts or debt.id in e.debts]


def begun_at(s: Situation, debt: Debt) -> datetime | None:
    """When the debt was first spoken of, by the earliest evidence up to now; None: not yet."""
    stated = debt.initial_communication_at
    known = [entry.at for entry in about(s, debt)[:1]] + ([stated] if stated and stated <= s.at else [])
    return min(known, default=None)
