"""A small world around the dialog: facts that follow the wishes, as the application makes them follow."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import dialogs
from dialogs import turn as t
from tests.dialogs import cast

_ACTIVE = t.Plan(
    status="active",
    amount_cents=6000,
    frequency="monthly",
    start=date(2026, 2, 1),
    count=11,
    paid=2,
    next_date=date(2026, 4, 1),
)
#: named beginnings a story can have
BEGINNINGS: dict[str, dict[str, Any]] = {
    "unverified": {"verified": False},
    "two accounts": {"accounts": (cast.FAIRVIEW, cast.SUMMIT)},
    "time barred": {"accounts": (replace(cast.FAIRVIEW, time_barred=True),)},
    "under dispute": {"accounts": (replace(cast.FAIRVIEW, held=True, dispute="open", dispute_reason="not_mine"),)},
    "dispute answered": {"accounts": (replace(cast.FAIRVIEW, dispute="answered", dispute_reason="not_mine"),)},
    "active plan": {"accounts": (replace(cast.FAIRVIEW, balance_cents=49240, plan=_ACTIVE),)},
    "payment tomorrow": {
        "accounts": (replace(cast.FAIRVIEW, plan=replace(_ACTIVE, next_date=date(2026, 3, 12))),),
    },
    "payment moved before": {"accounts": (replace(cast.FAIRVIEW, plan=replace(_ACTIVE, moves_used=1)),)},
    "carrier confirms": {"carrier_confirms_stop": True},
    "person on the thread": {"held_by_person": True},
    "no accounts": {"accounts": ()},
}


@dataclass(slots=True)
class World:
    dialog: dialogs.Dialog
    facts: t.Facts = cast.DANA
    memory: dict[str, Any] = field(default_factory=dict)
    #: media the person is known on, beyond what `facts` says of the one in use
    known_on: set[str] = field(default_factory=set)
    turns: list[t.Turn] = field(default_factory=list)

    async def hear(
        self, text: str, *, medium: str = "sms", hours: float = 0, safety: frozenset[str] = frozenset()
    ) -> t.Turn:
        facts = replace(self.facts, verified=self.facts.verified or medium in self.known_on)
        heard = replace(cast.heard(text, medium=medium, hours=hours), safety=safety)
        turn = await self.dialog.take_turn(self.memory, heard, facts)
        self.memory = dict(turn.memory)
        self.turns.append(turn)
        for outcome in turn.outcomes:
            self._follow(outcome)
        if any(say.about_account for say in turn.said):
            self.facts = replace(self.facts, first_account_reply=False)
        return turn

    def _follow(self, outcome: t.Outcome) -> None:
        facts = self.facts
        match outcome:
            case t.OptsOut():
                self.facts = replace(facts, opted_out=facts.opted_out | {outcome.medium})
            case t.OptsIn():
                self.facts = replace(facts, opted_out=facts.opted_out - {outcome.medium})
            case t.Identified():
                self.known_on.add(outcome.medium)
            case t.InHardship():
                self.facts = replace(facts, hardship=outcome.reason)
            case t.SwitchesLanguage():
                self.facts = replace(facts, language=outcome.language)
            case t.RefusesContact() | t.HasAttorney() | t.InBankruptcy() | t.HasDied() | t.IsMinor():
                self.facts = replace(facts, blocked=True)
            case t.WantsHuman(reason="self_harm" | "threat"):
                self.facts = replace(facts, blocked=True)
            case t.DisputesDebt() | t.RequestsValidation() | t.ReportsFraud():
                self.facts = replace(facts, accounts=[replace(a, held=True, dispute="open") for a in facts.accounts])
            case t.WantsPlan(status="agreed"):
                self.facts = replace(facts, accounts=[_with_plan(a, outcome) for a in facts.accounts])
            case _:
                pass


def _with_plan(account: t.Account, agreed: t.WantsPlan) -> t.Account:
    if account.ref != agreed.account_ref:
        return account
    plan = t.Plan(
        status="agreed",
        amount_cents=agreed.amount_cents or 0,
        frequency=agreed.frequency or "",
        start=agreed.start or cast.TODAY,
        count=agreed.count or 0,
        next_date=agreed.start,
    )
    return replace(account, plan=plan)
