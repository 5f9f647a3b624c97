"""Which telephone calls count toward which debt (12 CFR 1006.14(b)(3) and (4))."""

from __future__ import annotations

from datetime import datetime

from outreach.compliance import days, law
from outreach.compliance.facts import HistoryEntry
from outreach.compliance.situation import Situation

CONSENT_DAYS = law.parameter("federal", "call_consent_days")
TALKS = ("conversation", "consumer_call")
STUDENT_LOANS = "student_loan"


def placed(s: Situation, debt: str) -> list[datetime]:
    """Calls that count toward the seven for a debt: connected, not misdirected, not asked for."""
    counted = [entry for entry in s.past if _is_call(entry) and not _misdirected(s, entry)]
    return [e.at for e in _assigned(s, counted, debt) if not consented(s, debt, e.at)]


def conversations(s: Situation, debt: str) -> list[datetime]:
    """Telephone conversations about a debt, whoever raised it or rang."""
    alike = _particular(s, debt)
    talks = [e for e in s.past if e.medium == "voice" and e.kind in TALKS]
    return [e.at for e in talks if alike & {*(e.debts or _chosen(s, e)), *(e.initiated_about or ())}]


def consented(s: Situation, debt: str, at: datetime) -> bool:
    """Within seven days of the consumer's consent to be called about the debt, and no conversation since (FREQ-04)."""
    for entry in s.past:
        consent = entry.consumer_consent_call_back
        if consent is None or consent.at > at or not (_particular(s, debt) & set(entry.debts) or not entry.debts):
            continue
        talked = any(consent.at < other < at for other in conversations(s, debt))
        if not talked and days.days_between(consent.at, at, s.calendar) < CONSENT_DAYS.on(s.today):
            return True
    return False


def _is_call(entry: HistoryEntry) -> bool:
    return entry.dir == "out" and entry.medium == "voice" and entry.kind not in ("call_not_connected", "reply")


def _misdirected(s: Situation, entry: HistoryEntry) -> bool:
    """The number turned out not to be the consumer's: this call, and every one to that number."""
    learned = [e.address for e in s.past if e.misdirected_learned_at is not None and e.misdirected_learned_at <= s.at]
    return entry.address in learned


def _particular(s: Situation, debt: str) -> set[str]:
    """The debts that are one particular debt with it: student loans under one account number count as one."""
    kinds = {each.id: each.type for each in s.facts.debts}
    if not kinds.get(debt, "").startswith(STUDENT_LOANS):
        return {debt}
    return {name for name, kind in kinds.items() if kind.startswith(STUDENT_LOANS)}


def _assigned(s: Situation, entries: list[HistoryEntry], debt: str) -> list[HistoryEntry]:
    """The calls that must count toward a debt; one that may count toward any of several goes where most room is."""
    count = dict.fromkeys({each.id for each in s.facts.debts} | {debt}, 0)
    alike = _particular(s, debt)
    mine = []
    for entry in entries:
        fixed = _fixed(entry)
        if not fixed:
            options = _choices(s, entry) or [debt]
            fixed = (min(options, key=lambda name: (count.get(name, 0), name in alike, name)),)
        for name in fixed:
            count[name] = count.get(name, 0) + 1
        if alike & set(fixed):
            mine.append(entry)
    return mine


def _fixed(entry: HistoryEntry) -> tuple[str, ...]:
    """Debts a call counts toward whatever the collector would like: those it was begun about, or the one it names."""
    if entry.initiated_about:
        return entry.initiated_about
    if entry.countable_toward:
        return entry.countable_toward if len(entry.countable_toward) == 1 else ()
    unanswered = entry.kind in ("call_unanswered", "limited_content_voicemail")
    return entry.debts if len(entry.debts) == 1 or not unanswered else ()


def _choices(s: Situation, entry: HistoryEntry) -> list[str]:
    return list(entry.countable_toward or entry.debts or [each.id for each in s.facts.debts])


def _chosen(s: Situation, entry: HistoryEntry) -> tuple[str, ...]:
    """What a conversation about no particular debt counts toward: our choice, so one not judged now if there is one."""
    options = _choices(s, entry)
    others = [name for name in options if name not in s.debt_ids]
    return tuple((others or options)[:1])
