"""The grammars of `en.yaml` and `es.yaml`, compiled: for each label what says it, and what only looks as if it did."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

HERE = Path(__file__).parent
WORD = r"[a-z0-9$]+"
#: What a look-alike is replaced by: a word no pattern knows, so that its neighbours stay neighbours of something.
BLANK = "~"
NAME = re.compile(r"<([a-z_]+)>")
GAPS = (
    (re.compile(r"\(\?: <g(\d)>\)\??"), rf"(?: {WORD}){{0,\1}}"),
    (re.compile(r"\(\?:<g(\d)>\)\??"), rf"(?:{WORD} ){{0,\1}}"),
    (re.compile(r"(?<=[^ :(|])<g(\d)>(?= )"), rf"(?: {WORD}){{0,\1}}"),
    (re.compile(r"<g(\d)>"), rf"(?:{WORD} ){{0,\1}}"),
)


class Label(NamedTuple):
    name: str
    say: re.Pattern[str]
    but: re.Pattern[str] | None

    def found(self, words: str) -> str | None:
        """The words that say it, or None."""
        if self.say.search(words) is None:  # most messages say nothing: look-alikes need not be blanked
            return None
        clear = self.but.sub(BLANK, words) if self.but else words
        hit = self.say.search(clear)
        return hit.group() if hit else None

    def cleared(self, words: str) -> str:
        """The words without those that say it: what else is said."""
        clear = self.but.sub(BLANK, words) if self.but else words
        return words if self.say.search(clear) is None else self.say.sub(BLANK, words)


def expanded(pattern: str, macros: dict[str, str]) -> str:
    """A pattern of the files as a regular expression."""
    while NAME.search(pattern):
        pattern = NAME.sub(lambda match: macros[match.group(1)], pattern)
    for gap, meaning in GAPS:
        pattern = gap.sub(meaning, pattern)
    return pattern


def _compiled(patterns: list[str]) -> re.Pattern[str]:
    body = "|".join(f"(?:{each})" for each in patterns)
    return re.compile(rf"(?<![a-z0-9])(?:{body})(?![a-z0-9])")


def _patterns(file: str) -> dict[str, tuple[list[str], list[str]]]:
    """What says each label and what only looks like it, expanded."""
    loaded: dict[str, Any] = yaml.safe_load((HERE / file).read_text(encoding="utf-8"))
    macros: dict[str, str] = loaded["macros"]
    return {
        name: (
            [expanded(each, macros) for each in found["say"]],
            [expanded(each, macros) for each in found.get("but", ())],
        )
        for name, found in loaded["labels"].items()
    }


@cache
def labels() -> tuple[Label, ...]:
    """Every label; people mix languages within a sentence, so the patterns of both stand together."""
    files = [_patterns("en.yaml"), _patterns("es.yaml")]
    found = []
    for name in dict.fromkeys(name for file in files for name in file):
        say = [each for file in files for each in file.get(name, ([], []))[0]]
        but = [each for file in files for each in file.get(name, ([], []))[1]]
        found.append(Label(name, _compiled(say), _compiled(but) if but else None))
    return tuple(found)
