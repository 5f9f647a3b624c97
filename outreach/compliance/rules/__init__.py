"""The rules, one file each, found by folder: adding a file is enough.

A rule is a pure function of a `Situation` that returns a finding, several, or None when it has nothing to say.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from outreach.compliance.decision import Finding
from outreach.compliance.situation import Situation
from outreach.compliance.traits import TRAITS

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
    needs: frozenset[
        str
    ]  #: traits of the facts; it has nothing to say of a person with none of them; empty = always asked
    states: frozenset[str]  #: residence in one of them makes it apply; empty = everywhere
    collectors_only: bool  #: part of federal collection law, which leaves a creditor's own staff out
    courtesy: bool  #: kept towards a creditor's own debtors too, where the house wishes it (creditors_like_collectors)
    reads: tuple[str, ...]
    clock: bool  #: it may defer; such rules are asked first when looking for the next permitted instant
    #: traits without which time alone never changes what it said; a rule that counts days has "time"
    ages: frozenset[str]
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
    needs: Collection[str] = (),
    states: Collection[str] = (),
    collectors_only: bool = False,
    courtesy: bool = False,
    clock: bool = False,
    ages: Collection[str] = ("time",),
    also: dict[str, str] | None = None,
) -> Callable[[Judge], Judge]:
    """Registers a judge under its id. Raises ValueError when the id is taken or `needs` or `ages` names no trait."""

    def register(judge: Judge) -> Judge:
        if id in _registry:
            raise ValueError(f"two rules are called {id}")
        if unknown := {*needs, *ages} - {*TRAITS, "time"}:
            raise ValueError(f"{id} names {unknown}: no such trait")
        _registry[id] = Rule(
            id=id,
            citation=citation,
            judge=judge,
            channels=channels,
            actions=actions,
            jurisdictions=jurisdictions,
            kinds=frozenset(kinds),
            spares=frozenset(spares),
            needs=frozenset(needs),
            states=frozenset(states),
            collectors_only=collectors_only,
            courtesy=courtesy,
            clock=clock,
            ages=frozenset(ages),
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


class Asked(NamedTuple):
    """The rules that concern an act, in the order of their ids; of these, those that may defer and the others; of the others,
    those whose answer may change though nothing more is said or sent."""

    every: tuple[Rule, ...]
    clocks: tuple[Rule, ...]
    others: tuple[Rule, ...]
    ageing: tuple[Rule, ...]


@cache
def asked(
    jurisdiction: str,
    action: str,
    channel: str,
    kind: str,
    bound: bool,
    courteous: bool,
    states: frozenset[str],
    traits: frozenset[str],
) -> Asked:
    """The rules that concern such an act towards such a person."""
    found = tuple(
        each
        for each in every()
        if jurisdiction in each.jurisdictions
        and action in each.actions
        and channel in each.channels
        and kind not in each.spares
        and (not each.kinds or kind in each.kinds)
        and (not each.needs or each.needs & traits)
        and (not each.states or each.states & states)
        and (bound or not each.collectors_only or (courteous and each.courtesy))
    )
    others = tuple(each for each in found if not each.clock)
    return Asked(
        found, tuple(r for r in found if r.clock), others, tuple(r for r in others if r.ages & {"time", *traits})
    )
