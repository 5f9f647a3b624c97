"""Messages that are one keyword with courtesy around it, however it is typed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from outreach.compliance.optout import spelling

HERE = Path(__file__).parent
#: A keyword and what people put around it; a longer message is for the grammar.
MOST_WORDS = 9
#: "sto p" is a keyword that fell apart.
PIECES = 3
#: "Thanks for the info" asks for nothing.
THANKS = frozenset({"thanks", "thank", "gracias"})


@cache
def _table() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((HERE / "keywords.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def _fillers() -> frozenset[str]:
    return frozenset(_table()["fillers"].split())


@cache
def _not_meant() -> frozenset[str]:
    """Words one slip away from a keyword that are words of their own."""
    return frozenset(_table()["not_meant"].split())


def _rows() -> dict[str, dict[str, list[str]]]:
    return {label: row for label, row in _table().items() if isinstance(row, dict)}


@cache
def _exact() -> dict[str, str]:
    return {str(phrase): label for label, row in _rows().items() for phrase in (*row["exact"], *row["near"])}


@cache
def _near() -> tuple[tuple[str, str], ...]:
    return tuple((word, label) for label, row in _rows().items() for word in row["near"])


def label(words: str) -> str | None:
    """The label of a message that is a keyword and nothing else; None for every other message."""
    said = [word for word in words.split() if word not in (".", ",")]
    said = [word for word in said if word != "?"]
    if not said or len(said) > MOST_WORDS:
        return None
    kept = [word for word in said if word not in _fillers() and not word.isdigit()]
    kept = kept[:1] if len(set(kept)) == 1 else kept
    exact = _exact().get(" ".join(said)) or _exact().get(" ".join(kept))
    if exact == "help" and said[0] in THANKS:
        return None
    if exact or not kept:
        return exact
    if len(kept) == 1:
        return _meant(kept[0])
    return _meant("".join(kept)) if len(kept) <= PIECES and max(map(len, kept)) <= PIECES else None


def _meant(token: str) -> str | None:
    """The keyword a single mistyped word stands for."""
    if len(token) < 3 or token in _not_meant():
        return None
    for word, name in _near():
        slips = 1 if len(word) < 8 else 2
        if abs(len(token) - len(word)) <= slips and spelling.distance(token, word) <= slips:
            return name
    return None
