"""`python -m tests.compliance.table`: for each id of the law, in how many cases it allows, denies and defers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import yaml

from outreach.compliance import Words, cases, review

HERE = Path(__file__).parent
LAW = HERE.parents[1] / "docs" / "law.md"
COLUMNS = ("allow", "deny", "defer")


def count() -> dict[str, Counter[str]]:
    """Answers by id: of the rule a case is about, and of every id its findings name; words only deny."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for name in ("rules.yaml", "samples.yaml"):
        text = (HERE / name).read_text(encoding="utf-8")
        about = {case["id"]: case["source"] for case in yaml.safe_load(text)["cases"]}
        for result in cases.run(text):
            named = {(i, f.effect.value) for f in result.decision.findings for i in (f.rule, *f.also)}
            for rule, effect in named | {(about[result.id], result.decision.decision.value)}:
                found[rule][effect] += 1
    table = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))
    for case in table["cases"]:
        for finding in review(_words({**table["base"], **case["bad"]})):
            for rule in (finding.rule, *finding.also):
                found[rule]["deny"] += 1
                found[rule]["allow"] += 1  # its good words, which the suite holds to be free of findings
    return found


def _words(merged: dict[str, Any]) -> Words:
    return Words(**{key: tuple(value) if isinstance(value, list) else value for key, value in merged.items()})


def rows() -> dict[str, str]:
    """Every id of the law, and what decides it: the last column of `docs/law.md`."""
    return dict(re.findall(r"^\| ([A-Z][A-Z\d-]+) \|.*\| (.+) \|$", LAW.read_text(encoding="utf-8"), re.MULTILINE))


def main() -> None:
    found = count()
    wanted = dict.fromkeys([*rows(), *sorted(found)])
    print(f"{'id':12}" + "".join(f"{column:>8}" for column in COLUMNS))
    for name in wanted:
        print(f"{name:12}" + "".join(f"{found[name][column] or '-':>8}" for column in COLUMNS))


if __name__ == "__main__":
    main()
