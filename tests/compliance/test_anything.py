"""Whatever the facts, a decision is made, explained and written down; a deferral leads to an allowance."""

from __future__ import annotations

import json
import random
import types
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec.structs import fields, replace

from outreach.compliance import Facts, decide, dump, explain, read
from outreach.compliance.facts import Fact
from outreach.compliance.reading import text

WORDS = [
    "D1",
    "D2",
    "P1",
    "E1",
    "H1",
    "44101",
    "60601",
    "MA",
    "OH",
    "216",
    "800",
    "America/Denver",
    "Nowhere/At_All",
    "STOP",
    "my lawyer",
    "",
    "25:99",
    'José\x7f \\ "\n\u2028',
]


def invent(hint: Any, rng: random.Random) -> Any:
    """A value of a type, mostly sensible."""
    origin = get_origin(hint)
    if origin is Literal:
        return rng.choice(get_args(hint))
    if origin is tuple:
        return tuple(invent(get_args(hint)[0], rng) for _ in range(rng.randrange(3)))
    if origin in (Union, types.UnionType):
        return invent(rng.choice(get_args(hint)), rng)
    if isinstance(hint, type) and issubclass(hint, Fact):
        hints = get_type_hints(hint)
        chosen = {f.name: invent(hints[f.name], rng) for f in fields(hint) if f.required or rng.random() < 0.35}
        return hint(**chosen)
    day = date(2026, 10, 14) + timedelta(days=rng.randrange(-80, 40))
    made = {
        type(None): None, bool: rng.random() < 0.5, int: rng.choice([7, 13, 1, 3]), str: rng.choice(WORDS), date: day,
        Decimal: Decimal(rng.randrange(0, 2000)),
        datetime: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=rng.randrange(86400)),
    }  # fmt: skip
    return made[hint]


def test_any_facts_are_decided_explained_and_written_down() -> None:
    rng = random.Random(5)
    seen = set()
    for _ in range(1500):
        facts: Facts = invent(Facts, rng)
        decision = decide(facts)
        seen.add(decision.decision)
        json.dumps(decision.plain())
        assert explain(decision)
        assert read(Facts, json.loads(json.dumps(dump(facts)))) == facts
        assert text(facts) == json.dumps(json.loads(text(facts)), sort_keys=True, separators=(",", ":"))
        if decision.decision != "allow":
            assert decision.rules
        if decision.earliest_utc is not None:
            later = replace(facts, message=replace(facts.message, at=decision.earliest_utc))
            assert decide(later).decision == "allow"
    assert seen == {"allow", "defer", "deny"}
