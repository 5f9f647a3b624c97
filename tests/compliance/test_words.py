"""Every rule on words, both ways, from `words.yaml`."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from outreach.compliance import FactsError, Words, closed, fingerprint, review
from outreach.compliance.facts import Debt, Facts
from outreach.compliance.words import every
from tests.compliance.test_anything import invent

TABLE = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))


def _words(over: dict[str, Any]) -> Words:
    merged = {**TABLE["base"], **over}
    return Words(**{key: tuple(value) if isinstance(value, list) else value for key, value in merged.items()})


def _named(over: dict[str, Any]) -> set[str]:
    return {name for finding in review(_words(over)) for name in (finding.rule, *finding.also)}


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["rule"])
def test_good_words_pass_and_bad_ones_are_named(case: dict[str, Any]) -> None:
    assert _named(case["good"]) == set()
    assert case["rule"] in _named(case["bad"])


def test_every_word_rule_has_words_both_ways() -> None:
    assert {rule.id for rule in every()} <= {case["rule"] for case in TABLE["cases"]}


@pytest.mark.parametrize("seed", range(200))
def test_where_the_fingerprint_is_the_same_so_is_the_review(seed: int) -> None:
    """Closed words are all that a review reads: whoever the person is, without the facts the answer is the same."""
    rng = random.Random(seed)
    said = replace(_words(rng.choice(TABLE["cases"])[rng.choice(["good", "bad"])]), states=None, first=None)
    people = []
    while len(people) < 20:
        facts = replace(invent(Facts, rng), debts=(replace(invent(Debt, rng), id="D1"),))
        facts = replace(facts, message=replace(facts.message, debts=("D1",)))
        with contextlib.suppress(FactsError):  # a zone that does not exist
            people.append((facts, closed(said, facts)))
    reviews = [(fingerprint(whole), review(whole), review(said, facts)) for facts, whole in people]
    answers = {mark: found for mark, found, _ in reviews}
    assert all(found == answers[mark] == asked for mark, found, asked in reviews)


def test_other_words_or_another_situation_have_another_fingerprint() -> None:
    said = _words({})
    marks = {fingerprint(said)}
    for change in (
        {"text": said.text + "."},
        {"subject": "X"},
        {"html": "<p>"},
        {"first": not said.first},
        {"settled": True},
    ):
        marks.add(fingerprint(replace(said, **change)))
    assert len(marks) == 6
