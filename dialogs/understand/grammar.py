"""Patterns read from grammar/*.txt: what certainly says something, and what only looks like it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent / "grammar"
#: whole words only; a pattern that ends in "a few words" ends after a blank
_OPEN, _CLOSE = r"(?<![a-z0-9])(?:", r")(?:(?<= )|(?![a-z0-9]))"


@dataclass(frozen=True, slots=True)
class Grammar:
    """Per intent one alternation of its patterns, and one of its look-alikes."""

    finds: dict[str, re.Pattern[str]]
    guards: dict[str, re.Pattern[str]] = field(default_factory=dict)

    def read(self, flat: str) -> dict[str, tuple[int, int]]:
        """Intents found, each with the span that says it. Look-alikes of an intent are blanked first."""
        found: dict[str, tuple[int, int]] = {}
        for intent, pattern in self.finds.items():
            guard = self.guards.get(intent)
            seen = guard.sub(_blank, flat) if guard else flat
            match = pattern.search(seen)
            if match:
                found[intent] = match.span()
        return found


def _blank(match: re.Match[str]) -> str:
    # a bracket is in no pattern, so nothing reaches across a look-alike
    return "<" * len(match[0])


@cache
def grammar(language: str) -> Grammar:
    """Compiled once; a broken pattern names its file and line."""
    macros: dict[str, str] = {}
    for line in _lines("macros"):
        name, _, pattern = line[1].partition(" = ")
        macros[name] = _expanded(pattern, macros)
    sections: dict[str, list[str]] = {}
    section = ""
    for number, line_text in _lines(language):
        if line_text.startswith("[") and line_text.endswith("]") and re.fullmatch(r"\[-?[a-z_]+\]", line_text):
            section = line_text[1:-1]
            continue
        pattern = _expanded(line_text, macros)
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"grammar/{language}.txt line {number}: {error}") from error
        sections.setdefault(section, []).append(pattern)
    compiled = {name: re.compile(_OPEN + "|".join(patterns) + _CLOSE) for name, patterns in sections.items()}
    return Grammar(
        finds={name: pattern for name, pattern in compiled.items() if not name.startswith("-")},
        guards={name[1:]: pattern for name, pattern in compiled.items() if name.startswith("-")},
    )


def _lines(name: str) -> list[tuple[int, str]]:
    text = (HERE / f"{name}.txt").read_text(encoding="utf-8")
    return [
        (n, line.rstrip()) for n, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")
    ]


def _expanded(pattern: str, macros: dict[str, str]) -> str:
    return re.sub(r"\{([a-z][a-z0-9]*)\}", lambda m: macros[m[1]], pattern)
