"""The terminal as a debtor's phone: one invented person, facts that follow the wishes of each turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import dialogs
from dialogs import identity
from dialogs import turn as t
from outreach.money import policy

_COMPANY = {
    "name": "Harbor Receivables LLC",
    "address": "120 Pine Street, Denver, CO 80203",
    "phone": "+1 303-555-0142",
    "web": "harbor.example",
    "licence": "CO 991234",
}


async def talk(*, replies: Path, language: str, medium: str, verified: bool, show: bool, today: date) -> None:
    """Reads lines until the end of input."""
    dialog = dialogs.load(replies, quote=_quote)
    facts, memory = _person(language, verified), dict[str, Any]()
    while (line := _line()) is not None:
        heard = t.Heard(text=line, medium=medium, at=datetime.now(UTC), today=today)
        turn = await dialog.take_turn(memory, heard, facts)
        memory = dict(turn.memory)
        for say in turn.said:
            print(f"{say.text}\n")
        if show:
            print(f"  [{', '.join(turn.intents)}] {dict(turn.slots)} {[type(o).__name__ for o in turn.outcomes]}\n")
        facts = _after(facts, turn)


def _line() -> str | None:
    try:
        return input("> ")
    except EOFError:
        return None


def _quote(proposal: t.Proposal, terms: Mapping[str, Any]) -> t.Quote:
    said = policy.quote(proposal, terms)
    return t.Quote(**{name: getattr(said, name) for name in t.Quote.__slots__})


def _person(language: str, verified: bool) -> t.Facts:
    return t.Facts(
        verified=verified,
        language=language,
        accounts=[t.Account(ref="FMG-4471", creditor="Fairview Medical Group", balance_cents=61240)],
        company=_COMPANY,
        link="https://harbor.example/l/example",
        identity=identity.factors(key="chat", zip_code="94110", dob="1985-07-04", refs=["FMG-4471"]),
        policy={"min_monthly_cents": 5000, "max_months": 24, "first_payment_within_days": 30},
        name="Dana Holloway",
    )


def _after(facts: t.Facts, turn: t.Turn) -> t.Facts:
    """What the application would have made of the wishes, as far as the next turn can see."""
    if any(say.about_account for say in turn.said):
        facts = replace(facts, first_account_reply=False)
    for outcome in turn.outcomes:
        match outcome:
            case t.Identified():
                facts = replace(facts, verified=True)
            case t.OptsOut():
                facts = replace(facts, opted_out=facts.opted_out | {outcome.medium})
            case t.OptsIn():
                facts = replace(facts, opted_out=facts.opted_out - {outcome.medium})
            case t.SwitchesLanguage():
                facts = replace(facts, language=outcome.language)
            case t.RefusesContact() | t.HasAttorney() | t.InBankruptcy() | t.HasDied() | t.IsMinor():
                facts = replace(facts, blocked=True)
            case t.DisputesDebt() | t.RequestsValidation():
                accounts = [replace(a, held=True, dispute="open") for a in facts.accounts]
                facts = replace(facts, accounts=accounts)
            case t.WantsPlan(status="agreed"):
                facts = replace(facts, accounts=[replace(a, plan=_plan(outcome)) for a in facts.accounts])
            case t.CancelsPlan():
                facts = replace(facts, accounts=[replace(a, plan=None) for a in facts.accounts])
            case _:
                pass
    return facts


def _plan(agreed: t.WantsPlan) -> t.Plan:
    assert agreed.start
    return t.Plan(
        status="agreed",
        amount_cents=agreed.amount_cents or 0,
        frequency=agreed.frequency or "",
        start=agreed.start,
        count=agreed.count or 0,
        next_date=agreed.start,
        last_cents=agreed.last_cents,
        down_payment_cents=agreed.down_payment_cents,
    )
