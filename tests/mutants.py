"""Mutation testing of the rules: `python -m tests.mutants [WORD ...]` breaks each rule a little and sees whether a case notices.

The mutations are mutmut's own operators, and turning a finding round: deny to allow, allow to deny. mutmut's runner leaves
decorated functions out, and every rule is one; so the mutants are made here and run in this process, each against all the
cases. What only explains a finding (its sentence, the facts it names, further ids) is left as it is. Survivors that are harmless
stand in `compliance/survivors.yaml` with the reason: another one, and an entry that no longer survives, is a failure.
"""

from __future__ import annotations

import difflib
import importlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import libcst as cst
import libcst.matchers as m
import yaml
from mutmut.mutation.mutators import mutation_operators

from outreach import compliance
from outreach.compliance import cases, rules, words
from outreach.compliance.decision import allow, deny
from tests.compliance import sound

HERE = Path(__file__).parent / "compliance"
ROOT = Path(compliance.__file__).parent
#: A mutant that loops is caught.
SECONDS = 10
#: What makes a finding, and what it says.
SAYS = ("allow", "defer", "deny", "missing")
EXPLAINS = m.Name("also") | m.Name("fact") | m.Name("what") | m.Name("reason") | m.Name("unsure")


class _Spots(cst.CSTVisitor):
    """Every node inside a function's body, and what mutmut would make of it."""

    def __init__(self) -> None:
        self.depth = 0
        self.found: list[tuple[cst.CSTNode, cst.CSTNode]] = []

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        if node.name.value != "_also":
            self.depth += 1
            node.body.visit(self)
            self.depth -= 1
        return False  # neither its decorators nor its signature

    def _turn(self, node: cst.Call) -> None:
        """A finding turned round. Its sentence, facts and further ids explain it; only the instant of a deferral decides."""
        says = cst.ensure_type(node.func, cst.Name).value
        self.found.append((node.func, cst.Name("deny" if says == "allow" else "allow")))
        if says == "defer":
            node.args[1].visit(self)

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Annotation | cst.FormattedString):
            return False
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value in SAYS:
            self._turn(node)
            return False
        if isinstance(node, cst.Assign) and m.matches(node.targets[0].target, EXPLAINS):
            return False
        if self.depth:
            for kind, operator in mutation_operators:
                if isinstance(node, kind):
                    self.found += [(node, mutant) for mutant in operator(node)]
        return super().on_visit(node)


def mutants(source: str) -> Iterator[str]:
    """The module once for each mutation."""
    tree = cst.parse_module(source)
    spots = _Spots()
    tree.visit(spots)
    for node, mutant in spots.found:
        yield tree.deep_replace(node, mutant).code  # type: ignore[arg-type]


def _load(code: str, module: ModuleType) -> None:
    """Runs a module's source in its own place; what it registers replaces what it registered before."""
    module.__dict__.update(allow=allow, deny=deny)
    for name in [n for n, rule in rules._registry.items() if rule.judge.__module__ == module.__name__]:
        del rules._registry[name]
    words._registry[:] = [rule for rule in words._registry if rule.reviewer.__module__ != module.__name__]
    exec(compile(code, module.__file__ or "", "exec"), module.__dict__)
    for cached in (rules.every, rules.asked, words.every):
        cached.cache_clear()


class Cases:
    """Every case of the suite, read once."""

    def __init__(self) -> None:
        self.decided = []
        for name in ("rules.yaml", "samples.yaml"):
            document = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
            for case in document["cases"]:
                try:
                    facts = cases.facts_of(case["given"], document["defaults"])
                except compliance.FactsError:
                    continue
                self.decided.append((facts, case["expected"]))
        table = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))
        self.worded = [(_words(table["base"], case[side]), case["rule"] * (side == "bad"))
                       for case in table["cases"] for side in ("good", "bad")]  # fmt: skip

    def notice(self, *, in_words: bool) -> bool:
        """Whether any case comes out otherwise."""
        if in_words:
            return any(_misread(said, rule) for said, rule in self.worded)
        return any(_differs(compliance.decide(facts), expected) for facts, expected in self.decided)


def _words(base: dict[str, Any], over: dict[str, Any]) -> compliance.Words:
    merged = {**base, **over}
    return compliance.Words(
        **{key: tuple(value) if isinstance(value, list) else value for key, value in merged.items()}
    )


def _differs(decision: compliance.Decision, expected: dict[str, Any]) -> bool:
    broken = [f for f in decision.findings if not sound.is_sound(f) or "the rule failed" in f.reason]
    return bool(broken or cases._difference(decision, expected))


def _misread(said: compliance.Words, rule: str) -> bool:
    findings = compliance.review(said)
    named = {name for finding in findings if finding.effect == "deny" for name in (finding.rule, *finding.also)}
    return not all(map(sound.is_sound, findings)) or (rule not in named if rule else bool(named))


def _survives(code: str, module: ModuleType, suite: Cases) -> bool:
    def late(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        _load(code, module)
        return not suite.notice(in_words=module.__name__.startswith("outreach.compliance.words"))
    except Exception:  # a mutant that cannot even run is noticed
        return False
    finally:
        signal.alarm(0)


def _known() -> dict[str, set[str]]:
    """The lines, by file, of mutants said to be harmless."""
    listed: dict[str, set[str]] = {}
    for kind in yaml.safe_load((HERE / "survivors.yaml").read_text(encoding="utf-8")):
        for file, lines in kind["lines"].items():
            listed.setdefault(file, set()).update(lines)
    return listed


def _changed(source: str, code: str) -> str:
    """What the mutant reads where it differs."""
    difference = difflib.unified_diff(source.splitlines(), code.splitlines(), lineterm="", n=0)
    return " ".join(line[1:].strip() for line in list(difference)[3:] if line.startswith("+"))


def _one(path: Path, suite: Cases) -> tuple[int, set[str]]:
    """How many mutants of a rule's file there are, and the changed lines of those no case notices."""
    source = path.read_text(encoding="utf-8")
    module = importlib.import_module(f"outreach.compliance.{path.parent.name}.{path.stem}")
    made = list(mutants(source))
    left = {_changed(source, code) for code in made if _survives(code, module, suite)}
    _load(source, module)
    return len(made), left


def main(wanted: list[str]) -> int:
    suite, known = Cases(), _known()
    rules.every(), words.every()
    of = harmless = wrong = 0
    for path in sorted((*ROOT.glob("rules/[!_]*.py"), *ROOT.glob("words/[!_]*.py"))):
        name = f"{path.parent.name}/{path.name}"
        if wanted and not any(word in name for word in wanted):
            continue
        made, left = _one(path, suite)
        expected = known.get(name, set())
        of, harmless, wrong = of + made, harmless + len(left & expected), wrong + len(left ^ expected)
        print(f"{name}: {made - len(left)} of {made} killed")
        for line in sorted(left - expected):
            print(f"    survives: {line}")
        for line in sorted(expected - left):
            print(f"    no longer survives, strike it from survivors.yaml: {line}")
    print(f"{of} mutants, {harmless} known to be harmless, {wrong} to look at")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
