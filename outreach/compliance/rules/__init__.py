"""The rules, one file each, found by folder: adding a file is enough.

A rule is a pure function of a `Situation` that returns a finding, several, or None when it has nothing to say.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cache

from outreach.compliance.decision import Finding
from outreach.compliance.situation import Situation

Found = Finding | Iterable[Finding] | None
Judge = Callable[[Situation], Found]

LIVE = ("sms", "email", "voice")
ELECTRONIC = ("sms", "email")
WRITTEN = ("sms", "email", "mail", "web")
SENDING = ("sms", "email", "voice", "mail", "social_public", "web")
ANY = (*SENDING, "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule and when it has to be asked. `reads` names the facts it rests on as Class.field."""

    id: str
    citation: str
    judge: Judge
    channels: Collection[str]
    actions: Collection[str]
    jurisdictions: Collection[str]
    kinds: Collection[str]  #: kinds of message it concerns; empty = all
    spares: Collection[str]  #: kinds of message it never concerns
    states: frozenset[str]  #: residence in one of them makes it apply; empty = everywhere
    collectors_only: bool  #: part of federal collection law, which leaves a creditor's own staff out
    courtesy: bool  #: kept towards a creditor's own debtors too, where the house wishes it (creditors_like_collectors)
    reads: tuple[str, ...]
    also: dict[str, str]  #: further ids decided here, with their citations

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.id, *self.also)


_registry: dict[str, Rule] = {}


def rule(
    id: str,
    citation: str,
    *,
    reads: tuple[str, ...],
    channels: Collection[str] = SENDING,
    actions: Collection[str] = ("send_message",),
    jurisdictions: Collection[str] = ("US",),
    kinds: Collection[str] = (),
    spares: Collection[str] = (),
    states: Collection[str] = (),
    collectors_only: bool = False,
    courtesy: bool = False,
    also: dict[str, str] | None = None,
) -> Callable[[Judge], Judge]:
    """Registers a judge under its id. Raises ValueError when the id is taken."""

    def register(judge: Judge) -> Judge:
        if id in _registry:
            raise ValueError(f"two rules are called {id}")
        _registry[id] = Rule(
            id=id,
            citation=citation,
            judge=judge,
            channels=channels,
            actions=actions,
            jurisdictions=jurisdictions,
            kinds=frozenset(kinds),
            spares=frozenset(spares),
            states=frozenset(states),
            collectors_only=collectors_only,
            courtesy=courtesy,
            reads=reads,
            also=also or {},
        )
        return judge

    return register


@cache
def every() -> tuple[Rule, ...]:
    """All rules of this folder, in the order of their ids."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return tuple(_registry[name] for name in sorted(_registry))


@cache
def asked(
    jurisdiction: str, action: str, channel: str, kind: str, bound: bool, courteous: bool, states: frozenset[str]
) -> tuple[Rule, ...]:
    """The rules that concern such an act."""
    return tuple(
        each
        for each in every()
        if jurisdiction in each.jurisdictions
        and action in each.actions
        and channel in each.channels
        and kind not in each.spares
        and (not each.kinds or kind in each.kinds)
        and (not each.states or each.states & states)
        and (bound or not each.collectors_only or (courteous and each.courtesy))
    )
