"""Bulk and list mail from strangers. A person who wants to be left alone uses many of its words, and is none of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from channels.email.read.headers import Headers
from channels.email.read.machine import LONGEST, load
from channels.email.read.parts import Tree


@dataclass(frozen=True, slots=True)
class _Signs:
    lists: list[tuple[str, re.Pattern[str], int]]
    headers: list[tuple[str, re.Pattern[str], int]]
    words: list[tuple[re.Pattern[str], int]]
    pages: list[tuple[re.Pattern[str], int]]
    threshold: int


@cache
def _signs() -> _Signs:
    loaded = load("spam.yaml")
    lists, headers = (
        [(row["name"], re.compile(row["value"], re.IGNORECASE), row["weight"]) for row in loaded[name]]
        for name in ("lists", "headers")
    )
    words, pages = (
        [(re.compile(row["say"], re.IGNORECASE), row["weight"]) for row in loaded[name]] for name in ("words", "pages")
    )
    return _Signs(lists, headers, words, pages, loaded["threshold"])


def listed(headers: Headers) -> bool:
    """Mail of a list: the headers alone say so, whatever it answers."""
    return _sum(headers, _signs().lists) >= _signs().threshold


def score(tree: Tree, *, subject: str, text: str, known: bool) -> int:
    """How many times over a mail is bulk mail from strangers; 0 = not.

    `text` is what was newly written. `known`: it answers a mail of ours or came to an address only its receiver knows;
    then nothing but overwhelming signs count, and no filter's opinion.
    """
    signs, sample = _signs(), f"{subject}\n{text[: LONGEST * 2]}"
    said = sum(weight for say, weight in signs.words if say.search(sample))
    pages = b"".join(part.raw[: LONGEST * 4] for part in tree.of("text/html"))
    shown = sum(weight for say, weight in signs.pages if say.search(pages.decode("latin-1")))
    total = said + shown + _loud(subject) + _sum(tree.headers, signs.lists)
    if known:
        return max(0, total) // (2 * signs.threshold)
    total += _sum(tree.headers, signs.headers) + sum(name not in tree.headers for name in ("to", "date", "message-id"))
    return max(0, total) // signs.threshold


def _loud(subject: str) -> int:
    letters = [c for c in subject if c.isalpha()]
    capitals = len(letters) > 12 and sum(c.isupper() for c in letters) > 0.7 * len(letters)
    return capitals + (subject.count("!") + subject.count("$") >= 2 or bool(re.search(r"\s{5,}\S{3,10}$", subject)))


def _sum(headers: Headers, rows: list[tuple[str, re.Pattern[str], int]]) -> int:
    return sum(weight for name, value, weight in rows if name in headers and value.search(headers.get(name)))
