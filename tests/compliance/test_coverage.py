"""Each row of `docs/law.md` holds: its rules exist, name it and have cases. Rules left out have nothing to say."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from outreach.compliance import Facts, FactsError, cases, rules
from outreach.compliance.situation import OF_THE_INSTANT, OF_THE_PLACE, UNTIL_THE_NEXT_ENTRY, Situation
from outreach.compliance.traits import TRAITS
from tests.compliance import table
from tests.compliance.test_anything import invent

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "outreach" / "compliance"
COUNTED = table.count()
ROWS = table.rows()


def _files(cell: str) -> list[str]:
    """The files a row of the law names."""
    return [name for name in re.findall(r"`([\w/.]+)`", cell) if "/" in name]


def _rules(cell: str) -> list[str]:
    return [name for name in _files(cell) if name.startswith(("rules/", "words/"))]


@pytest.mark.parametrize("name", ROWS)
def test_a_row_of_the_law_names_files_that_are_there_and_rules_that_decide_it(name: str) -> None:
    for file in _files(ROWS[name]):
        rule = PACKAGE / f"{file}.py"
        assert rule.exists() or (ROOT / file).exists(), file
        assert not rule.exists() or re.search(rf"\b{name}\b", rule.read_text(encoding="utf-8")), file
    assert COUNTED[name].total() or not _rules(ROWS[name])


def test_every_rule_and_every_id_a_finding_names_has_a_row() -> None:
    named = {file for cell in ROWS.values() for file in _rules(cell)}
    made = {f"{path.parent.name}/{path.stem}" for path in PACKAGE.glob("[rw]*s/[!_]*.py")}
    assert named == made
    assert {
        name for name, counted in COUNTED.items() if counted.total() and re.fullmatch(r"[A-Z][A-Z\d-]+", name)
    } <= ROWS.keys()


@pytest.mark.parametrize("rule", rules.every(), ids=lambda rule: rule.id)
def test_a_rule_withholds_somewhere_and_lets_pass_somewhere(rule: rules.Rule) -> None:
    assert COUNTED[rule.id]["allow"]
    assert rule.id == "ST-XX" or COUNTED[rule.id]["deny"] + COUNTED[rule.id]["defer"]


def _situations() -> list[Facts]:
    document = yaml.safe_load((table.HERE / "rules.yaml").read_text(encoding="utf-8"))
    rng = random.Random(9)
    return [cases.facts_of(c["given"], document["defaults"]) for c in document["cases"]] + [
        invent(Facts, rng) for _ in range(300)
    ]


def test_a_rule_whose_needs_nobody_has_would_have_had_nothing_to_say() -> None:
    needy = [rule for rule in rules.every() if rule.needs]
    for facts in _situations():
        situation = Situation(facts, facts.message.at)
        for rule in needy:
            if not rule.needs & situation.traits and _applies(rule, situation):
                found = rule.judge(situation)
                assert found is None or not list(found), (rule.id, facts)


class _Timeless(Situation):
    """A situation that knows what was said, and neither the instant nor anything that hangs on it."""

    @property
    def at(self) -> Any:  # type: ignore[override]
        raise AssertionError("a rule that does not age asked for the instant")

    zones = calendar = elsewhere_from = dates = today = prompt = at  # type: ignore[assignment]

    def __init__(self, known: Situation) -> None:
        kept = (*UNTIL_THE_NEXT_ENTRY, "said_in_all")
        self.__dict__ |= {name: getattr(known, name) for name in kept}
        self.__dict__ |= {k: v for k, v in known.__dict__.items() if k not in (*OF_THE_INSTANT, *OF_THE_PLACE, "at")}


def test_a_rule_that_does_not_age_never_asks_for_the_instant() -> None:
    lasting = [rule for rule in rules.every() if "time" not in rule.ages]
    assert len(lasting) > 15
    asked = 0
    for facts in _situations():
        situation = Situation(facts, facts.message.at)
        for rule in lasting:
            if not rule.clock and not rule.ages & situation.traits and _applies(rule, situation):
                list(rule.judge(_Timeless(situation)) or ())
                asked += 1
    assert asked > 1000


def _applies(rule: rules.Rule, s: Situation) -> bool:
    """Whether the rule would be asked but for its needs."""
    try:
        every = rules.asked(
            s.facts.jurisdiction, s.facts.action, s.channel, s.kind, s.bound, s.courteous, s.states, frozenset(TRAITS)
        )
        s.debts, s.zones, s.today, s.past  # noqa: B018 - facts that cannot be read raise here
    except FactsError:
        return False
    return rule in every.every
