"""Scores and hits -> labels present. Critical labels need less: missing one is a breach, one too many a human look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dialogs.understand import labels

#: present from here on
PRESENT = 0.45
#: without a hit of the grammar a critical label must be this likely to outrank others, and about the strongest
CRITICAL_PRESENT = 0.6
RIVAL = 0.1
#: these have few words of their own, which the grammar knows: the classifier alone must be nearly certain
NARROW = frozenset({"minor", "threat_or_self_harm", "deceased", "bankruptcy", "servicemember", "cease_communication"})
NARROW_PRESENT = 0.85
#: a critical label is acted on from here on, though it does not become primary
LIKELY = 0.3
#: silence by mistake is measured too, and nobody is sent 988 for "I want off": these need more than likely
DEAR = {
    "opt_out": 0.5,
    "cease_communication": 0.6,
    "threat_or_self_harm": 0.5,
    "minor": 0.6,
    "deceased": 0.6,
    "bankruptcy": 0.5,
    "servicemember": 0.6,
}
#: the grammar is believed about a critical label unless the classifier is this sure of the contrary
BELIEVED = 0.03
#: ... or this sure, where another label is certain
OUTDONE = 0.12
#: another reader's label is primary only where this one sees at least a trace of it
AGREED = 0.08
#: below this nothing is understood
UNSURE = 0.18
CERTAIN = 0.9
#: a hit the classifier agrees with this much says what the message is about
EXPLAINED = 0.8
#: a whole message that is one of these is no more than that
PLAIN = frozenset({"affirm", "deny", "thanks", "greeting"})
#: all of these question the debt
QUESTIONED = frozenset({"dispute", "request_validation", "original_creditor_request", "identity_theft"})


@dataclass(frozen=True, slots=True)
class Verdict:
    found: set[str]
    likely: set[str]  #: critical, not certain
    sure: bool


def judged(scores: Mapping[str, float], hits: set[str]) -> Verdict:
    found = _found(scores, hits)
    if hits and hits <= PLAIN and all(scores[n] < CERTAIN for n in found & labels.CRITICAL):
        return Verdict(set(hits), set(), sure=True)
    likely = _likely(scores, hits, found)
    if found - {"out_of_scope"}:
        return Verdict(found, likely, sure=True)
    weak = {n for n in labels.CRITICAL if scores[n] < PRESENT}
    best = max((n for n in scores if n != "out_of_scope" and n not in weak), key=lambda n: (scores[n], n))
    if scores[best] >= UNSURE and scores[best] > scores["out_of_scope"]:
        return Verdict({best}, likely, sure=scores[best] >= _needed(best))
    return Verdict({"out_of_scope"}, likely, sure=scores["out_of_scope"] >= PRESENT)


def joined(verdicts: Sequence[Verdict]) -> Verdict:
    """Of a message and its sentences; a guess counts only when nothing is sure."""
    said = [v for v in verdicts if v.sure and v.found - {"out_of_scope"}] or list(verdicts)
    found = set[str]().union(*(v.found for v in said))
    likely = set[str]().union(*(v.likely for v in verdicts)) - found
    return Verdict(found, likely, sure=any(v.sure for v in said))


def _found(scores: Mapping[str, float], hits: set[str]) -> set[str]:
    found = {n for n, s in scores.items() if s >= _needed(n)}
    strongest = max((scores[n] for n in found), default=0.0)
    found -= {n for n in found & labels.CRITICAL - hits if scores[n] < strongest - RIVAL}
    if any(scores[n] >= EXPLAINED for n in hits - PLAIN):
        found -= {n for n in found & labels.CRITICAL - hits if scores[n] < CERTAIN}
    other = max((s for n, s in scores.items() if n not in hits), default=0.0)
    explained = max((scores[n] for n in hits - PLAIN), default=0.0)
    doubted = OUTDONE if max(other, explained) >= CERTAIN else BELIEVED
    found |= {n for n in hits & labels.CRITICAL if scores[n] >= doubted}
    if "opt_in" not in hits and (scores["opt_in"] < CERTAIN or "accept_offer" in found):
        # consent is never inferred from anything vague
        found.discard("opt_in")
    if "opt_in" in hits and "opt_out" not in hits:
        # "don't stop": the grammar read the negation, the words alone look like a stop
        return found - {"opt_out"} | {"opt_in"}
    return found - {"opt_in"} if "opt_out" in found else found - _echoes(hits)


def _needed(label: str) -> float:
    if label in NARROW:
        return NARROW_PRESENT
    return CRITICAL_PRESENT if label in labels.CRITICAL else PRESENT


def _likely(scores: Mapping[str, float], hits: set[str], found: set[str]) -> set[str]:
    likely = {n for n, s in scores.items() if n in labels.CRITICAL and s >= DEAR.get(n, LIKELY)} - found
    if scores["out_of_scope"] >= CRITICAL_PRESENT and not hits & labels.CRITICAL:
        # words about something else altogether: a faint likeness is none
        likely = {n for n in likely if scores[n] >= PRESENT}
    if any(scores[n] >= EXPLAINED for n in hits - PLAIN):
        # the grammar explains the message: what it does not know must be more than a likeness
        likely = {n for n in likely if scores[n] >= (CERTAIN if n in NARROW else CRITICAL_PRESENT)}
    if found & QUESTIONED:
        # the account is on hold already: a second label of the family must stand by itself
        likely -= {n for n in likely & QUESTIONED if scores[n] < CERTAIN}
    if "opt_in" in found:
        likely.discard("opt_out")
    return likely - _echoes(hits)


def _echoes(hits: set[str]) -> set[str]:
    """ "can't pay" and "won't pay", "no calls" and "no contact" share their words; the grammar tells them apart."""
    told_apart = {"hardship", "channel_preference"} & hits and "cease_communication" not in hits
    return {"cease_communication"} if told_apart else set()
