"""The grammars of `en.yaml` and `es.yaml`, compiled: for each label what says it, and what only looks as if it did."""

from __future__ import annotations

import re
from collections.abc import Iterator
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


def _compiled(patterns: list[str], macros: dict[str, str]) -> re.Pattern[str]:
    body = "|".join(f"(?:{expanded(each, macros)})" for each in patterns)
    return re.compile(rf"(?<![a-z0-9])(?:{body})(?![a-z0-9])")


def _labels(file: str) -> Iterator[Label]:
    loaded: dict[str, Any] = yaml.safe_load((HERE / file).read_text(encoding="utf-8"))
    macros: dict[str, str] = loaded["macros"]
    for name, patterns in loaded["labels"].items():
        but = patterns.get("but")
        yield Label(name, _compiled(patterns["say"], macros), _compiled(but, macros) if but else None)


@cache
def labels() -> tuple[Label, ...]:
    """Every label of both languages; most occur twice."""
    return (*_labels("en.yaml"), *_labels("es.yaml"))
