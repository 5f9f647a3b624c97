"""Which earlier attempts count toward a cap on contacts, as several rules ask."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from outreach.compliance import location
from outreach.compliance.facts import HistoryEntry
from outreach.compliance.situation import Situation
from outreach.compliance.views.record import ANSWERS
from outreach.compliance.views.subject import REQUIRED_KINDS

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


def to_place(s: Situation, entries: Collection[HistoryEntry], *, work: bool) -> list[HistoryEntry]:
    """Those to a place of work, or those to the home and the person's own numbers."""
    at_work = {phone.id for phone in s.facts.phones if location.is_work(phone)}
    return [entry for entry in entries if (entry.address in at_work) == work]


def about(entries: Collection[HistoryEntry], debt: str) -> list[datetime]:
    """When the entries about a debt were made; one that names no debt is about every debt."""
    return [e.at for e in entries if not _named(e) or debt in _named(e)]


def _named(entry: HistoryEntry) -> set[str]:
    return {*entry.debts, *(entry.countable_toward or ()), *(entry.initiated_about or ())}
