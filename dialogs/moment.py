"""What an action sees and may do: the message as read, the facts, the memory; say something, wish something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dialogs import choosing, codec
from dialogs.turn import Account, Facts, Heard, Outcome, WantsHuman
from dialogs.understand.spelling import fold


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

    def hand_off(self, reason: str, priority: str = "normal", *, note: str = "") -> None:
        """A person takes it (dialog-spec section 9)."""
        self.want(WantsHuman(reason=reason, priority=priority, note=note))

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
            named = [a for a in accounts if ref and a.ref == ref] or [
                a for a in accounts if ref and a.ref.endswith(str(ref))
            ]
            if len(named) == 1:
                return named[0]
        return accounts[0] if len(accounts) == 1 else None

    def _answered(self) -> Account | None:
        """The account named in answer to "which account?"."""
        return choosing.chosen(fold(self.heard.text), self.listed())

    def listed(self) -> list[Account]:
        """The accounts we list when we ask which one, in that order."""
        return [a for a in self.facts.accounts if not a.held]

    def cents(self, name: str) -> int | None:
        value = self.slots.get(name)
        return None if value is None else round(float(value) * 100)

    def day(self, *names: str) -> date | None:
        value = next((self.slots[n] for n in names if self.slots.get(n)), None)
        return date.fromisoformat(value) if value else None


def last_four(ref: str) -> str:
    return ref[-4:]
