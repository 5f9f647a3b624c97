"""The safety reader: what a person's words mean in law, deterministic, English and Spanish, before everything else.

    read("please quit txtn me") == {"opt_out"}

Labels are those of the dialog specification, section 3. Several may be present. An over-cautious hit costs a human look,
a missed one is a breach; so where words can be read two ways, both labels are given.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from outreach.compliance.optout import bounded, closing, keywords
from outreach.compliance.optout.clean import Clean, clean
from outreach.compliance.optout.grammar import labels

#: "Not Linda", "this is not Marcus", "I don't know any Pat": a denial of a word written with a capital.
NOT_NAMED = re.compile(r"(?:(?:^|(?:am|is) )not|(?:do not|never) know (?:any|no|a)) ([a-z]+)")
#: What the whole debt being paid amounts to (dialog specification, section 5).
IMPLIES = {"already_paid": frozenset({"dispute"})}


class Reading(NamedTuple):
    """What was found. `closes`: media the words close for every address, beyond the one they came from."""

    labels: frozenset[str]
    closes: frozenset[str] = frozenset()
    of_contact: bool = False  #: the refusal is of contact, not only of paying
    plain: frozenset[str] = frozenset()  #: said in a keyword, or in capitals: no other reader is asked

    def opinion(self) -> dict[str, frozenset[str]]:
        """As another reader takes it: `safety` is acted on at its word, `second` is weighed with that reader's own."""
        return {"safety": self.plain, "second": self.labels}


@lru_cache(maxsize=65536)
def reading(text: str, *, medium: str = "sms") -> Reading:
    """Labels and closed media of one message. `medium` is where it came in."""
    cleaned = clean(text)
    if not cleaned.words.strip(" .,?"):
        return Reading(frozenset())
    bare = keywords.label(cleaned.words)
    found = {bare} if bare else _said(cleaned)
    for label, implied in IMPLIES.items():
        if label in found:
            found |= implied
    of_contact = "cease_communication" in found and closing.of_contact(cleaned.words)
    plain = frozenset({bare} if bare else found & {"opt_out"} if cleaned.shouts_stop else ())
    return Reading(frozenset(found), closing.media(cleaned.words, frozenset(found), medium), of_contact, plain)


#: every label a bounded refusal is mistaken for
_REFUSALS = frozenset({"opt_out", "cease_communication"})
_SENTENCE = re.compile(r"(?<=[.?!]) ")


def _said(cleaned: Clean) -> set[str]:
    """Labels of all the words; a refusal that every sentence of it bounds is one of hours, debits or a sum only."""
    found = _of(cleaned, cleaned.words)
    if found & _REFUSALS and bounded.offers(cleaned.words):
        found -= _REFUSALS
    sentences = _SENTENCE.split(cleaned.words)
    timed = [s for s in sentences if bounded.refuses_hours_or_place(s)]
    debits = [s for s in sentences if bounded.refuses_debits(s)]
    if not found & _REFUSALS or not timed + debits or cleaned.shouts_stop:
        return found
    rest = " ".join(s for s in sentences if s not in timed and s not in debits)
    if rest.strip(" .,?!") and _of(cleaned, rest) & _REFUSALS:
        return found
    return found - _REFUSALS | ({"inconvenient_time_or_place"} if timed else set())


def _of(cleaned: Clean, words: str) -> set[str]:
    found = {label.name for label in labels() if label.name != "opt_out" and label.found(words)}
    rest = words
    for label in labels():
        if label.name == "opt_in":
            rest = label.cleared(rest)
    if any(label.name == "opt_out" and label.found(rest) for label in labels()):
        found.add("opt_out")
    if cleaned.shouts_stop and not found & {"opt_in", "help", "cancel_plan"} and not closing.only_calls(words):
        found.add("opt_out")
    if "channel_preference" in found and closing.refuses_messages(words):
        found.add("opt_out")
    if found & {"opt_out", "channel_preference"} and closing.every_way(words):
        found.add("cease_communication")
    if any(name in cleaned.names for name in NOT_NAMED.findall(words)):
        found.add("wrong_number")
    if "opt_out" in found or "cease_communication" in found:
        found.discard("opt_in")
    if "help" in found:
        found.discard("opt_out")
    return found


def read(text: str, *, medium: str = "sms") -> frozenset[str]:
    """The labels alone."""
    return reading(text, medium=medium).labels
