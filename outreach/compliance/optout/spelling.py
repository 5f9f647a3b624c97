"""Bounded spelling correction toward the words that matter; ordinary words are never turned into them."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

HERE = Path(__file__).parent
SHORTEST = 4  #: shorter words have too many neighbours
LONG = 9  #: from here on two slips are forgiven


@cache
def vocabulary() -> dict[str, int]:
    """Word -> rank, commonest first."""
    words = (HERE / "vocabulary.txt").read_text(encoding="utf-8").split()
    return {word: rank for rank, word in enumerate(words)}


@cache
def extra() -> frozenset[str]:
    """Words worth correcting toward although no grammar spells them out."""
    return frozenset((HERE / "extra.txt").read_text(encoding="utf-8").split())


def forget() -> None:
    """Reads the files anew next time."""
    for cached in (vocabulary, extra, _ordinary, _index, corrected):
        cached.cache_clear()


@cache
def _ordinary() -> frozenset[str]:
    """Common words that are near a word that matters, and mean something else (`build.py` finds them)."""
    return frozenset((HERE / "ordinary.txt").read_text(encoding="utf-8").split())


@cache
def _index() -> dict[str, tuple[str, ...]]:
    """Each vocabulary word under itself with one letter (long ones: two letters) left out."""
    found: dict[str, list[str]] = {}
    for word in vocabulary():
        if len(word) >= SHORTEST:
            for key in _deletions(word, 2 if len(word) >= LONG else 1):
                found.setdefault(key, []).append(word)
    return {key: tuple(sorted(words)) for key, words in found.items()}


def _deletions(word: str, depth: int) -> set[str]:
    keys = {word}
    for _ in range(depth):
        keys |= {key[:i] + key[i + 1 :] for key in keys for i in range(len(key))}
    return keys


def known(word: str) -> bool:
    return word in vocabulary()


def _inflected(word: str) -> bool:
    """Another form of a word that matters says something else: "unsubscribed" is no order."""
    return any(
        word.endswith(end) and word.removesuffix(end) in vocabulary() for end in ("s", "d", "ed", "ing", "er", "es")
    )


@lru_cache(maxsize=32768)
def corrected(word: str) -> str:
    """The word that was surely meant, or the word itself."""
    if len(word) < SHORTEST - 1 or word in vocabulary() or word in _ordinary() or word in extra() or _inflected(word):
        return word
    near: dict[str, int] = {}
    for key in _deletions(word, 2 if len(word) >= LONG - 1 else 1):
        for candidate in _index().get(key, ()):
            allowed = 2 if len(candidate) >= LONG else 1
            if (slips := distance(word, candidate)) <= allowed:
                near[candidate] = slips
    if not near:
        return word
    return min(near, key=lambda candidate: (near[candidate], candidate[0] != word[0], vocabulary()[candidate]))


def distance(left: str, right: str) -> int:
    """Letters inserted, deleted, replaced or swapped with a neighbour."""
    if abs(len(left) - len(right)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        above, row, older = row, [i], before
        for j, b in enumerate(right, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        before = above
    return row[-1]
