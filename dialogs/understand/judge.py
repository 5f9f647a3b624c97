"""Probabilities and another reader's word -> labels present. What is only likely is acted on as well, and a person looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dialogs.understand import labels

#: present from here on
PRESENT = 0.4
CRITICAL_PRESENT = 0.5
#: below this nothing is understood
GUESSED = 0.25
#: a critical label is acted on from here on, though it does not become primary: missing one is a breach
LIKELY = 0.12
#: silence by mistake is measured too: these need more than likely
FINAL = frozenset({"opt_out", "cease_communication"})
FINAL_LIKELY = 0.5
#: a wish to be written to again that no grammar hears must be this plain
CERTAIN = 0.9
#: with the word of another reader, this is enough; where our own grammar hears it too, this
AGREED, FINAL_AGREED = 0.03, 0.1
HEARD, FINAL_HEARD = 0.005, 0.03


@dataclass(frozen=True, slots=True)
class Verdict:
    found: set[str]
    likely: set[str]  #: critical, not certain
    sure: bool


def judged(scores: Mapping[str, float], hits: set[str], said: frozenset[str]) -> Verdict:
    """`scores` in [0, 1], `hits` of our grammar, `said`: what another reader found in the same words."""
    found = {n for n, score in scores.items() if score >= (CRITICAL_PRESENT if n in labels.CRITICAL else PRESENT)}
    found = _consenting(found, scores, hits | said)
    likely = {n for n in labels.CRITICAL if scores[n] >= _enough(n, hits, said)} - found
    sure = bool(found)
    if not found:
        # nothing is likely enough: the best guess where it is one, but nobody is silenced by a guess
        best = max((n for n in scores if n not in FINAL), key=lambda n: (scores[n], n))
        found = {best if scores[best] >= GUESSED else "out_of_scope"}
    if len(found) > 1:
        found.discard("out_of_scope")
    return Verdict(found, likely - found, sure)


def _consenting(found: set[str], scores: Mapping[str, float], heard: set[str] | frozenset[str]) -> set[str]:
    """Consent is never inferred from anything vague."""
    if "opt_in" in heard:
        return found | ({"opt_in"} if scores["opt_in"] >= LIKELY else set())
    return found - {"opt_in"} if scores["opt_in"] < CERTAIN else found


def _enough(label: str, hits: set[str], said: frozenset[str]) -> float:
    final = label in FINAL
    if label not in said:
        return FINAL_LIKELY if final else LIKELY
    if label in hits:
        return FINAL_HEARD if final else HEARD
    return FINAL_AGREED if final else AGREED
