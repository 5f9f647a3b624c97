"""Rules on the words themselves, one file each, found by folder, run on every rendition before it may leave.

What the law demands to be said (`statements.yaml`) is set aside before anything is forbidden.
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cache

import msgspec

from outreach.compliance.decision import Finding
from outreach.compliance.facts import Facts
from outreach.compliance.script import Script, Words, closed
from outreach.compliance.version import ruleset_version

Found = Finding | Iterable[Finding] | None
Reviewer = Callable[[Script], Found]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRule:
    """A rule on words and the purposes and media it concerns; empty = all."""

    id: str
    citation: str
    reviewer: Reviewer
    media: Collection[str]
    spares: Collection[str]


_registry: list[WordRule] = []
_ENCODER = msgspec.json.Encoder(order="deterministic")


def words(
    id: str, citation: str, *, media: Collection[str] = (), spares: Collection[str] = ()
) -> Callable[[Reviewer], Reviewer]:
    """Registers a reviewer. `spares` are purposes it never concerns."""

    def register(reviewer: Reviewer) -> Reviewer:
        _registry.append(WordRule(id=id, citation=citation, reviewer=reviewer, media=media, spares=spares))
        return reviewer

    return register


@cache
def every() -> tuple[WordRule, ...]:
    """All word rules of this folder."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return tuple(sorted(_registry, key=lambda rule: rule.id))


def fingerprint(said: Words) -> str:
    """Of closed words and of the rules: where it is the same, so is the review, which reads nothing else."""
    return hashlib.sha256(ruleset_version().encode() + _ENCODER.encode(said)).hexdigest()


def review(said: Words, facts: Facts | None = None) -> list[Finding]:
    """What is wrong with these words; empty: nothing. With `facts`, for this very person and moment."""
    script = Script(said if facts is None else closed(said, facts), None)
    findings: list[Finding] = []
    for rule in every():
        if said.purpose in rule.spares or (rule.media and said.medium not in rule.media):
            continue
        found = rule.reviewer(script)
        if found is not None:
            several = (found,) if isinstance(found, Finding) else found
            findings += [finding.of(rule.id, rule.citation) for finding in several]
    return findings
