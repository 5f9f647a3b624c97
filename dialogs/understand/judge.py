"""Scores and hits -> labels present. Critical labels need less: missing one is a breach, one too many a human look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dialogs.understand import labels

#: present from here on
PRESENT = 0.45
#: without a hit of the grammar a critical label must be this likely to outrank others
CRITICAL_PRESENT = 0.6
#: a critical label is acted on from here on, though it does not become primary
LIKELY = 0.22
#: the grammar is believed about a critical label unless the classifier is this sure of the contrary
BELIEVED = 0.03
#: below this nothing is understood
UNSURE = 0.18
#: silence by mistake is measured too: these need more than likely
DEAR = {"opt_out": 0.35, "cease_communication": 0.3}

PLAIN = frozenset({"affirm", "deny", "thanks", "greeting"})
CERTAIN = 0.9
#: all of these question the debt
QUESTIONED = frozenset({"dispute", "request_validation", "original_creditor_request", "identity_theft"})


@dataclass(frozen=True, slots=True)
class Verdict:
    found: set[str]
    likely: set[str]  #: critical, not certain
    sure: bool


def judged(scores: Mapping[str, float], hits: set[str]) -> Verdict:
    found = {n for n, s in scores.items() if s >= (CRITICAL_PRESENT if n in labels.CRITICAL else PRESENT)}
    found |= {n for n in hits & labels.CRITICAL if scores[n] >= BELIEVED}
    if hits and hits <= PLAIN and all(scores[n] < CERTAIN for n in found & labels.CRITICAL):
        # a whole message the grammar knows as yes, no, hello or thanks means no more than that
        return Verdict(set(hits), set(), sure=True)
    if "opt_in" in hits and "opt_out" not in hits:
        # "don't stop": the grammar read the negation, the words alone look like a stop
        found = found - {"opt_out"} | {"opt_in"}
    elif "opt_out" in found:
        found.discard("opt_in")
    likely = {n for n, s in scores.items() if n in labels.CRITICAL and s >= DEAR.get(n, LIKELY)} - found
    if "hardship" in hits and "cease_communication" not in hits:
        # "can't pay" and "won't pay" share their words; the grammar tells them apart
        found = found - {"cease_communication"}
        likely -= {"cease_communication"}
    if found & QUESTIONED:
        # the account is on hold already: a second label of the family must stand by itself
        likely -= {n for n in likely & QUESTIONED if scores[n] < PRESENT}
    likely -= {"opt_out"} if "opt_in" in found else set()
    if found - {"out_of_scope"}:
        return Verdict(found, likely, sure=True)
    weak = {n for n in DEAR if scores[n] < DEAR[n]}
    best = max((n for n in scores if n != "out_of_scope" and n not in weak), key=lambda n: (scores[n], n))
    if scores[best] >= UNSURE and scores[best] > scores["out_of_scope"]:
        return Verdict({best}, likely, sure=scores[best] >= 0.4)
    return Verdict({"out_of_scope"}, likely, sure=scores["out_of_scope"] >= PRESENT)
