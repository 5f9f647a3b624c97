"""Every rule both ways, from `rules.yaml`; a rule without such cases fails here."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import yaml

from outreach import compliance
from outreach.compliance import cases, coverage, decide, rules
from tests.compliance import sound

FILE = Path(__file__).with_name("rules.yaml")
DOCUMENT = yaml.safe_load(FILE.read_text(encoding="utf-8"))
RESULTS = {result.id: result for result in cases.run(FILE.read_text(encoding="utf-8"))}
#: Rules that only ever refuse, or only ever note: their channel or purpose says the rest.
ONE_WAY = {"ST-XX"}


@pytest.mark.parametrize("case", DOCUMENT["cases"], ids=lambda case: case["id"])
def test_a_case_decides_as_expected(case: dict[str, Any]) -> None:
    result = RESULTS[case["id"]]
    assert (result.wrong, result.mistake) == (None, None)


@pytest.mark.parametrize("rule", rules.every(), ids=lambda rule: rule.id)
def test_every_rule_is_cited_and_has_cases_both_ways(rule: rules.Rule) -> None:
    about = [case["expected"]["decision"] for case in DOCUMENT["cases"] if case["source"] == rule.id]
    assert rule.citation
    assert "allow" in about
    assert rule.id in ONE_WAY or {"deny", "defer"} & set(about)


@pytest.mark.parametrize("case", DOCUMENT["cases"], ids=lambda case: case["id"])
def test_every_finding_is_a_sentence_about_facts_there_are(case: dict[str, Any]) -> None:
    for finding in RESULTS[case["id"]].decision.findings:
        assert sound.is_sound(finding), finding


def test_every_fact_is_read_by_a_rule() -> None:
    assert coverage.unread_fields() == frozenset()


@pytest.mark.parametrize(
    "case", [c for c in DOCUMENT["cases"] if c["expected"]["decision"] == "defer"], ids=lambda case: case["id"]
)
def test_the_earliest_instant_is_allowed_and_the_second_before_is_not(case: dict[str, Any]) -> None:
    earliest = RESULTS[case["id"]].decision.earliest_utc
    assert earliest is not None
    given = cases.merge(case["given"], {"message": {"at": earliest}})
    assert decide(cases.facts_of(given, DOCUMENT["defaults"])).decision == "allow"


def test_a_rule_that_raises_withholds(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(situation: object) -> Any:
        yield from ()
        raise ZeroDivisionError

    facts = cases.facts_of({}, DOCUMENT["defaults"])
    rule = dataclasses.replace(rules.every()[0], id="BROKEN", judge=broken)
    monkeypatch.setattr(rules, "asked", lambda *_: rules.Asked((rule,), (), (rule,), (rule,)))
    decision = decide(facts)
    assert (decision.decision, decision.rules) == ("deny", ("BROKEN",))


def test_a_decision_explains_itself() -> None:
    decision = RESULTS["hours-before"].decision
    assert "14 October 2026, 12:00 UTC" in compliance.explain(decision)
    assert "TIME-01" in compliance.explain(decision, "es")


def test_a_state_without_rules_is_named() -> None:
    lives = {
        "consumer": {"addresses": [{"zip": "44101", "state": "OH"}, {"zip": "80202", "state": "CO"}, {"state": "MA"}]}
    }
    at_home = {"consumer": {"addresses": [{"zip": "94103", "state": "CA"}]}, "phones": []}
    warned, plain = (decide(cases.facts_of(given, DOCUMENT["defaults"])) for given in (lives, at_home))
    assert "No rules of CO, OH are written; federal law was applied." in [finding.reason for finding in warned.findings]
    assert "ST-XX" not in {finding.rule for finding in plain.findings}


# Facts no file of cases can hold, for `consistency` refuses them first. The service gathers its own, and the rules must withhold.
@pytest.mark.parametrize(
    ("given", "rule"),
    [
        (
            {"consumer": {"stated_location": {"tz": "Mars/Olympus", "told_collector_at": "2026-10-01T15:00:00Z"}}},
            "CV-03",
        ),
        ({"consumer": {"inconvenient_times": [{"days": ["WED"], "from": "25:00", "to": "26:00"}]}}, "TIME-04"),
        ({"message": {"channel": "voice", "to": "E1"}}, "TP-02"),
        ({"message": {"to": "P9"}}, "TP-02"),
    ],
    ids=["unknown zone", "a wall time that is none", "a call to a mailbox", "a number nobody has"],
)
def test_impossible_facts_are_withheld_by_the_rule_that_reads_them(given: dict[str, Any], rule: str) -> None:
    decision = decide(cases.facts_of(given, DOCUMENT["defaults"]))
    assert decision.decision == "deny"
    assert rule in decision.rules
