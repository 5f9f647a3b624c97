"""Every rule on words, both ways, from `words.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from outreach.compliance import Words, review
from outreach.compliance.words import every

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
