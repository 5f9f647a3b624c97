"""What the classifier sees of a sentence: words, pairs and triples of words, pieces of words, and what the grammar found."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from zlib import crc32

import numpy as np

#: n-grams share this many weights by hash; a collision costs less than carrying a vocabulary
BUCKETS = 1 << 16
_LONGEST = 400


def indices(flat: str, expecting: str | None) -> tuple[list[int], list[float]]:
    """Hashed positions and values. Words and pieces are each of length one, so that long sentences weigh no more."""
    words = flat[:_LONGEST].split()
    grams = [*words, *map(" ".join, pairwise(words))]
    grams += map(" ".join, zip(words, words[1:], words[2:], strict=False))
    pieces = [p for word in words[:60] for p in _pieces(word)]
    found: dict[int, float] = {}
    for prefix, things, weight in (("w", grams, 1.0), ("c", pieces, 0.9)):
        unique = {crc32(f"{prefix}{thing}".encode()) % BUCKETS for thing in things}
        each = weight / np.sqrt(len(unique)) if unique else 0.0
        for index in unique:
            found[index] = found.get(index, 0.0) + float(each)
    found[crc32(f"expecting {expecting}".encode()) % BUCKETS] = 0.4
    return list(found), list(found.values())


def _pieces(word: str) -> Iterable[str]:
    bounded = f"<{word}>"
    for size in (3, 4, 5):
        for start in range(len(bounded) - size + 1):
            yield bounded[start : start + size]
