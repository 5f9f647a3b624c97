"""What an action sees and may do: the message as read, the facts, the memory; say something, wish something."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dialogs import codec
from dialogs.turn import Account, Facts, Heard, Outcome, WantsHuman


@dataclass(slots=True)
class Moment:
    """One action's view of a turn. `memory` is JSON and is changed in place."""

    heard: Heard
    facts: Facts
    intents: Sequence[str]
    slots: Mapping[str, Any]
    memory: dict[str, Any]
    language: str
    verified: bool
    quiet: bool = False  #: record, say nothing
    parts: list[dict[str, Any]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    @classmethod
    def of(cls, slots: Mapping[str, Any]) -> Moment:
        """From the slots of a tracker, as `Runner` or `outreach.conversations` filled them."""
        reading = slots["reading"]
        return cls(
            heard=codec.load(Heard, slots["heard"]),
            facts=codec.load(Facts, slots["facts"]),
            intents=tuple(reading["intents"]),
            slots=reading["slots"],
            memory=dict(slots["memory"] or {}),
            language=reading["language"],
            verified=reading["verified"],
            quiet=bool(slots.get("quiet")),
        )

    @property
    def today(self) -> date:
        return self.heard.today

    def say(self, template: str, **values: Any) -> None:
        """A reply folder and its values; the wording replaces it where the channel is not verified."""
        if not self.quiet:
            self.parts.append({"template": template, "values": codec.dump(values)})

    def want(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    def hand_off(self, reason: str, priority: str = "normal", *, note: str = "", silence: bool = False) -> None:
        """A person takes it (dialog-spec section 9)."""
        self.want(WantsHuman(reason=reason, priority=priority, note=note, silence=silence))

    def ask(self, what: str | None) -> None:
        """Remember which question is open."""
        self.memory["asked"] = what

    def has(self, *intents: str) -> bool:
        return any(i in self.intents for i in intents)

    def account(self) -> Account | None:
        """The account meant: named now or before, or the only one. None when it has to be asked."""
        accounts = self.facts.accounts
        if self.memory.get("asked") in {"account", "which"} and (answered := self._answered()):
            return answered
        for ref in (
            self.slots.get("account_ref"),
            (self.memory.get("form") or {}).get("account"),
            self.memory.get("account"),
        ):
            named = [a for a in accounts if ref and a.ref.endswith(str(ref))]
            if len(named) == 1:
                return named[0]
        return accounts[0] if len(accounts) == 1 else None

    def _answered(self) -> Account | None:
        """The account named by its last figures or by a word of its creditor, in answer to "which account?"."""
        low = self.heard.text.lower()
        figures = re.findall(r"\d{3,}", low)
        named = [a for a in self.facts.accounts if any(a.ref.endswith(f) for f in figures)]
        named = named or [
            a for a in self.facts.accounts if any(w in low for w in a.creditor.lower().split() if len(w) > 3)
        ]
        return named[0] if len(named) == 1 else None

    def cents(self, name: str) -> int | None:
        value = self.slots.get(name)
        return None if value is None else round(float(value) * 100)

    def day(self, *names: str) -> date | None:
        value = next((self.slots[n] for n in names if self.slots.get(n)), None)
        return date.fromisoformat(value) if value else None


def last_four(ref: str) -> str:
    return ref[-4:]
