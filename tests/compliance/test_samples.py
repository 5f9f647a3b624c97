"""The thirty samples of the case format decide as they should, and the format is read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from outreach import compliance
from outreach.compliance import cases, reading
from outreach.compliance.facts import Facts

SAMPLES = Path(__file__).with_name("samples.yaml")
RESULTS = {result.id: result for result in cases.run(SAMPLES.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("name", RESULTS)
def test_a_sample_decides_as_expected(name: str) -> None:
    assert (RESULTS[name].wrong, RESULTS[name].mistake) == (None, None)


def test_facts_survive_json() -> None:
    document = yaml.safe_load(SAMPLES.read_text(encoding="utf-8"))
    for case in document["cases"]:
        facts = cases.facts_of(case["given"], document["defaults"])
        assert reading.read(Facts, reading.dump(facts)) == facts


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"colour": "red"}, "colour"),
        ({"message": {"channel": "fax", "to": None, "at": "2026-10-06T15:00:00Z"}}, "message.channel"),
        ({"message": {"channel": "sms", "to": "P1"}}, "message.at"),
        ({"message": {"channel": "sms", "at": "2026-10-06T15:00:00"}}, "message.at"),
        ({"message": {"channel": "sms", "at": "2026-13-06T15:00:00Z"}}, "message.at"),
        (
            {"message": {"channel": "sms", "at": "2026-10-06T15:00:00Z"}, "debts": [{"id": "D1", "balance": "12"}]},
            "balance",
        ),
        (
            {"message": {"channel": "sms", "at": "2026-10-06T15:00:00Z"}, "phones": [{"id": "P1", "lines": 2}]},
            "phones[0].lines",
        ),
        ({"message": {"channel": "sms", "at": "2026-10-06T15:00:00Z"}, "consumer": {"adult": "yes"}}, "consumer.adult"),
    ],
)
def test_a_mistake_in_a_case_is_named_and_denied(given: dict[str, object], named: str) -> None:
    (result,) = cases.run(yaml.safe_dump({"cases": [{"id": "X", "given": given}]}))
    assert result.decision.decision == "deny"
    assert named in (result.mistake or "")


def test_a_decision_says_which_rules_and_which_clock_made_it() -> None:
    decision = RESULTS["S01"].decision
    assert (decision.ruleset, decision.tz) == (compliance.ruleset_version(), compliance.tz_version())
