"""Decision cases: files that state facts and may state the expected answer (the form: `docs/compliance.md`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from outreach.compliance import consistency, reading
from outreach.compliance.decision import Decision, Effect, deny
from outreach.compliance.engine import decide
from outreach.compliance.facts import Facts
from outreach.compliance.reading import FactsError
from outreach.compliance.version import ruleset_version

FILE_KEYS = {"version", "ruleset_as_of", "case_count", "defaults", "reference_geo", "cases"}
CASE_KEYS = {"id", "title", "category", "source", "citation", "confidence", "tags", "given", "expected", "why"}
ANSWERS = (None, "allow", "deny", "defer", "human")
EXPECTED_KEYS = {"decision", "earliest_utc", "latest_acceptable_utc", "rules"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One case decided. `wrong` says what differs from the expectation; None: nothing does, or nothing was expected."""

    id: str
    decision: Decision
    wrong: str | None = None
    mistake: str | None = None  #: what is wrong with the case itself

    def plain(self) -> dict[str, Any]:
        extra = {"wrong": self.wrong} if self.wrong else {}
        return {"id": self.id, **self.decision.plain(), **extra, **({"mistake": self.mistake} if self.mistake else {})}


def merge(base: Any, over: Any) -> Any:
    """Maps merge recursively, everything else is replaced."""
    if isinstance(base, Mapping) and isinstance(over, Mapping):
        return {**base, **{key: merge(base[key], value) if key in base else value for key, value in over.items()}}
    return over


@cache
def assumed() -> Mapping[str, Any]:
    """The defaults of the form, for a file that brings none."""
    path = Path(__file__).with_name("case_defaults.yaml")
    loaded: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def facts_of(given: Mapping[str, Any], defaults: Mapping[str, Any] | None = None) -> Facts:
    """The facts of a case over its file's defaults; each debt stands on the `debt` default. Raises `FactsError`."""
    if not isinstance(given, Mapping):
        raise FactsError("given: is not a map")
    whole = merge({key: value for key, value in (defaults or {}).items() if key != "debt"}, given)
    stated = whole.get("debts", [{"id": "D1"}])
    if not isinstance(stated, list):
        raise FactsError("debts: is not a list")
    debt = (defaults or {}).get("debt", {})
    return reading.read(Facts, {**whole, "debts": [merge(debt, each) for each in stated]})


def run(text: str) -> Iterator[Result]:
    """Decides every case of a file. Raises `FactsError` when the file is no file of cases."""
    try:
        document, lines = _load(text)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: an unquoted date no calendar has
        raise FactsError(f"the file is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(document, Mapping) or not isinstance(document.get("cases"), list):
        raise FactsError("the file has no list of cases")
    if unknown := sorted(map(str, document.keys() - FILE_KEYS)):
        raise FactsError(f"{unknown[0]}: no such key in a file of cases")
    taken: set[str] = set()
    for number, (case, line) in enumerate(zip(document["cases"], lines, strict=True), 1):
        name = str(case.get("id", f"case {number}")) if isinstance(case, Mapping) else f"case {number}"
        yield _run_one(case, document.get("defaults") or assumed(), name, line, first=name not in taken)
        taken.add(name)


class _Loader(yaml.SafeLoader):
    """YAML in which a key that stands twice is a mistake, and not the last one's win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        written = [key for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        keys = [self.construct_object(key, deep=True) for key in written]
        for key, at in zip(keys, written, strict=True):
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", at.start_mark)
        return super().construct_mapping(node, deep)


def _load(text: str) -> tuple[Any, list[int]]:
    """The document, and in which line of the file each case begins."""
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        document = loader.construct_document(root) if root else None
    finally:
        loader.dispose()
    nodes = [value for key, value in root.value if key.value == "cases"] if isinstance(root, yaml.MappingNode) else []
    return document, [case.start_mark.line + 1 for node in nodes for case in node.value if isinstance(node.value, list)]


def _run_one(case: Any, defaults: Mapping[str, Any], name: str, line: int, *, first: bool) -> Result:
    try:
        _known(case, CASE_KEYS, "")
        if not first:
            raise FactsError(f"id: {name} stands twice in the file; give each case its own")
        for key in ("id", "given"):
            if key not in case:
                raise FactsError(f"{key}: is missing")
        expected = case.get("expected") or {}
        _known(expected, EXPECTED_KEYS, "expected.")
        if expected.get("decision") not in ANSWERS:
            raise FactsError(f"expected.decision: {expected['decision']!r} is not one of allow, deny, defer, human")
        facts = facts_of(case["given"], defaults)
        if wrong := consistency.mistakes(facts):
            raise FactsError(". ".join(wrong))
        decision = decide(facts)
        return Result(id=name, decision=decision, wrong=_difference(decision, expected))
    except FactsError as error:
        return Result(id=name, decision=_withheld(str(error)), mistake=f"line {line}: {error}")


def _known(value: Any, keys: set[str], prefix: str) -> None:
    if not isinstance(value, Mapping):
        raise FactsError(f"{prefix.rstrip('.') or 'the case'} is not a map")
    if unknown := sorted(map(str, value.keys() - keys)):
        raise FactsError(f"{prefix}{unknown[0]}: no such key")


def _withheld(mistake: str) -> Decision:
    """What cannot be read cannot be allowed."""
    finding = deny(f"The case has a mistake. {mistake}.").of("CV-10", "house convention")
    return Decision(
        decision=Effect.DENY, earliest_utc=None, findings=(finding,), ruleset=ruleset_version(), tz="", rules=("CV-10",)
    )


def _difference(decision: Decision, expected: Mapping[str, Any]) -> str | None:
    wanted = "deny" if expected.get("decision") == "human" else expected.get("decision")
    if wanted is None:
        return None
    if decision.decision != wanted:
        return f"expected {wanted}, got {decision.decision}"
    if wanted == "defer" and (early := expected.get("earliest_utc")):
        earliest = reading.instant(early, "expected.earliest_utc")
        latest = reading.instant(expected.get("latest_acceptable_utc") or early, "expected.latest_acceptable_utc")
        if decision.earliest_utc is None or not earliest <= decision.earliest_utc <= latest:
            return f"expected an instant from {earliest:%Y-%m-%dT%H:%M:%SZ} to {latest:%Y-%m-%dT%H:%M:%SZ}"
    named = expected.get("rules") or []
    if wanted != "allow" and named and not set(named) & set(decision.rules):
        return f"expected one of {', '.join(named)} to be named"
    return None
