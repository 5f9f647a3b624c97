"""What a rule says, and how what all rules say becomes one answer: deny beats defer beats allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple


class Effect(StrEnum):
    ALLOW = "allow"  #: an exception or a duty that was met and is worth recording
    DEFER = "defer"  #: only the clock or the calendar is in the way
    DENY = "deny"  #: blocked until a fact changes


class Finding(NamedTuple):
    """What one rule says. `facts` names what it rests on; `also` are further rule ids that say the same.

    A tuple, because every decision makes several: a frozen dataclass takes four times as long to make.
    """

    effect: Effect
    reason: str
    rule: str = ""
    citation: str = ""
    earliest: datetime | None = None
    facts: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def of(self, rule: str, citation: str) -> Finding:
        """This finding, signed by a rule unless it already is."""
        return Finding(
            self.effect,
            self.reason,
            self.rule or rule,
            self.citation or citation,
            self.earliest,
            self.facts,
            self.also,
        )

    def plain(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "rule": self.rule,
            "effect": self.effect.value,
            "reason": self.reason,
            "citation": self.citation,
            "earliest_utc": _written(self.earliest),
            "facts": list(self.facts),
            "also": list(self.also),
        }


def allow(reason: str, *facts: str, also: tuple[str, ...] = ()) -> Finding:
    return Finding(effect=Effect.ALLOW, reason=reason, facts=facts, also=also)


def deny(reason: str, *facts: str, also: tuple[str, ...] = ()) -> Finding:
    return Finding(effect=Effect.DENY, reason=reason, facts=facts, also=also)


def missing(fact: str, *, also: tuple[str, ...] = ()) -> Finding:
    """A rule that cannot judge withholds and names what it needs."""
    return Finding(effect=Effect.DENY, reason=f"{fact} is not known; a person must find out.", facts=(fact,), also=also)


def defer(reason: str, earliest: datetime | None, *facts: str, also: tuple[str, ...] = ()) -> Finding:
    """Not before `earliest`. None: no permitted instant was found, so it is a denial."""
    return Finding(Effect.DENY if earliest is None else Effect.DEFER, reason, "", "", earliest, facts, also)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer. `earliest_utc` is set when the answer is defer: the first instant at which it would be allow."""

    decision: Effect
    earliest_utc: datetime | None
    findings: tuple[Finding, ...]
    ruleset: str
    tz: str
    #: ids behind the answer, principal first
    rules: tuple[str, ...] = field(default=())

    def plain(self) -> dict[str, Any]:
        """JSON values, as `outreach compliance check` prints and a decision record keeps them."""
        return {
            "decision": self.decision.value,
            "earliest_utc": _written(self.earliest_utc),
            "rules": list(self.rules),
            "findings": [finding.plain() for finding in self.findings],
            "ruleset": self.ruleset,
            "tz": self.tz,
        }


def rules_behind(findings: Sequence[Finding], effect: Effect) -> tuple[str, ...]:
    """Ids of the findings that carry the answer; for a denial the clock rules are named after the others."""
    order = (effect,) if effect is not Effect.DENY else (Effect.DENY, Effect.DEFER)
    ids = [name for wanted in order for f in findings if f.effect is wanted for name in (f.rule, *f.also)]
    return tuple(dict.fromkeys(ids))


def _written(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
