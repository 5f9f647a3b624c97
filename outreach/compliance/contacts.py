"""Which earlier attempts count toward a cap on contacts, as several rules ask."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from outreach.compliance.facts import HistoryEntry
from outreach.compliance.situation import ANSWERS, REQUIRED_KINDS, Situation

#: Kinds of message that are no unsolicited contact: the law asks for them, or they answer the consumer.
UNCOUNTED = (*sorted(REQUIRED_KINDS), "opt_out_confirmation")
#: Attempts that never reached the number.
UNCONNECTED = frozenset({"call_not_connected"})


def unprompted(s: Situation, media: Collection[str], *, connected: bool = False) -> list[HistoryEntry]:
    """What we began ourselves on these media; `connected`: less the calls that never reached the number."""
    return [
        entry
        for entry in s.past
        if entry.dir == "out"
        and entry.medium in media
        and entry.kind not in ANSWERS
        and not (connected and entry.kind in UNCONNECTED)
    ]


def about(entries: Collection[HistoryEntry], debt: str) -> list[datetime]:
    """When the entries about a debt were made; one that names no debt is about every debt."""
    return [e.at for e in entries if not _named(e) or debt in _named(e)]


def _named(entry: HistoryEntry) -> set[str]:
    return {*entry.debts, *(entry.countable_toward or ()), *(entry.initiated_about or ())}
