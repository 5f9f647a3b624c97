"""The thirty samples of the case format decide as they should, and the format is read strictly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from outreach import compliance
from outreach.compliance import cases, reading
from outreach.compliance.facts import Facts
from outreach.compliance.reading import FactsError

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


AT = "2026-10-06T15:00:00Z"
HEARD = {"id": "H1", "at": "2026-10-05T15:00:00Z", "dir": "in", "medium": "sms", "kind": "consumer_message"}


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"debts": []}, "debts: is empty"),
        ({"debts": [{"id": "D1"}, {"id": "D1"}]}, "debts: the id D1 stands 2 times"),
        ({"phones": [{"id": "P1"}, {"id": "P1"}]}, "phones: the id P1 stands 2 times"),
        ({"message": {"to": "P9"}}, "message.to: P9 is not among phones"),
        ({"message": {"to": None}}, "message.to: nothing is not among phones"),
        ({"message": {"debts": ["D7"]}}, "message.debts: D7 is not among debts"),
        ({"message": {"kind": "reply", "in_reply_to": "H9"}}, "message.in_reply_to: H9 is no inbound entry"),
        ({"history": [HEARD | {"address": "P8"}]}, "history[0].address: P8 is not among phones and emails"),
        ({"history": [HEARD | {"debts": ["D7"]}]}, "history[0]: D7 is not among debts"),
        ({"history": [HEARD | {"kind": "campaign"}]}, "history[0].kind: campaign contradicts dir in"),
        ({"history": [HEARD | {"at": "2026-10-07T15:00:00Z"}]}, "history[0].at: lies after message.at"),
        (
            {"opt_outs": [{"at": "2026-10-07T15:00:00Z", "scope": "medium", "medium": "sms"}]},
            "opt_outs[0].at: lies after",
        ),
        (
            {"opt_outs": [{"at": AT, "scope": "address", "medium": "sms", "address": "P11"}]},
            "opt_outs[0].address: P11 is not among",
        ),
        (
            {"consumer": {"stated_location": {"tz": "Mars/Base", "told_collector_at": AT}}},
            "consumer.stated_location.tz",
        ),
        ({"consumer": {"addresses": [{"state": "ZZ"}]}}, "consumer.addresses[0].state: 'ZZ' is no state"),
        (
            {"consumer": {"inconvenient_times": [{"days": ["MON"], "from": "25:00", "to": "26:00"}]}},
            "consumer.inconvenient_times[0].from: '25:00' is no time of day",
        ),
        ({"consumer": {"bankruptcy": {"filed_on": "2026-02-30"}}}, "consumer.bankruptcy.filed_on"),
        (
            {"consumer": {"bankruptcy": {"status": "open", "discharged_on": "2026-03-01"}}},
            "consumer.bankruptcy: it is open and has a discharged_on",
        ),
        (
            {"consumer": {"breathing_space": {"starts_on": "2026-03-02", "ends_on": "2026-03-01"}}},
            "consumer.breathing_space.ends_on: lies before starts_on",
        ),
        (
            {"debts": [{"id": "D1", "validation": {"provided_at": AT, "undeliverable_at": "2026-10-01T15:00:00Z"}}]},
            "debts[0].validation: it came back",
        ),
        (
            {"debts": [{"id": "D1", "disputes": [{"id": "X1", "duplicative": {"same_as": "X1"}}]}]},
            "debts[0].disputes[0].duplicative.same_as: 'X1' is no other dispute",
        ),
    ],
)
def test_facts_that_cannot_be_true_together_are_a_mistake_with_its_place(given: dict[str, object], place: str) -> None:
    base = {"phones": [{"id": "P1"}], "message": {"channel": "sms", "to": "P1", "at": AT}}
    case = json.dumps({"id": "X", "given": cases.merge(base, given)})
    text = f"cases:\n- id: sound\n  given: {{message: {{channel: none, at: '{AT}'}}}}\n- {case}\n"
    sound, wrong = cases.run(text)
    assert sound.mistake is None
    assert wrong.decision.decision == "deny"
    assert (wrong.mistake or "").startswith("line 4: ")
    assert place in (wrong.mistake or "")


def test_an_id_or_a_key_that_stands_twice_is_a_mistake() -> None:
    case = f"{{id: X, given: {{message: {{channel: none, at: '{AT}'}}}}}}"
    assert ["X stands twice" in (result.mistake or "") for result in cases.run(f"cases:\n- {case}\n- {case}")] == [
        False,
        True,
    ]
    with pytest.raises(FactsError, match="'id' stands twice"):
        list(cases.run(f"cases:\n- {{id: Y, {case[1:]}"))


def test_an_unknown_expectation_is_a_mistake() -> None:
    (result,) = cases.run(
        f"cases:\n- {{id: X, given: {{message: {{channel: none, at: '{AT}'}}}}, expected: {{decision: perhaps}}}}"
    )
    assert "expected.decision: 'perhaps' is not one of" in (result.mistake or "")


def test_a_decision_says_which_rules_and_which_clock_made_it() -> None:
    decision = RESULTS["S01"].decision
    assert (decision.ruleset, decision.tz) == (compliance.ruleset_version(), compliance.tz_version())
