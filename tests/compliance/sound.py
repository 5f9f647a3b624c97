"""Whether a finding can be read by an officer: a sentence, a citation, and facts that exist."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args, get_type_hints

from outreach.compliance import Facts, Finding, Words
from outreach.compliance.facts import Fact


@cache
def paths(kind: Any = Facts) -> frozenset[str]:
    """Every fact as a finding names it: `consumer.addresses.state`; of words, the fields of `Words`."""
    found = {name.rstrip("_") for name in get_type_hints(kind)}
    for name, hint in get_type_hints(kind).items():
        found |= {f"{name}.{inner}" for part in _inside(hint) for inner in paths(part)}
    return frozenset(found)


def _inside(hint: Any) -> list[Any]:
    if isinstance(hint, type) and issubclass(hint, Fact):
        return [hint]
    return [part for argument in get_args(hint) for part in _inside(argument)]


def is_sound(finding: Finding) -> bool:
    """A full sentence with its rule and citation, resting on at least one fact that there is."""
    sentence = isinstance(finding.reason, str) and len(finding.reason) > 8 and finding.reason[-1] in ".?"
    quotes = sentence and finding.reason[0] == "'"  # a value that cannot be read is itself what it rests on
    known = (quotes or bool(finding.facts)) and set(finding.facts) <= paths() | paths(Words)
    return sentence and known and bool(finding.rule and finding.citation)
