"""What speaks for each label of a message: the classifier's margins, the grammar's hits, the rivals. The judge weighs it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dialogs.understand import labels

LABELS: tuple[str, ...] = labels.ORDER
#: a margin beyond this says no more than "certain"
_CERTAIN = 5.0
#: what `of` gives for each label, in this order
KINDS = (
    "whole",
    "strongest part",
    "surplus",
    "hit",
    "rival",
    "lead",
    "hit x whole",
    "length",
    "hit x lead",
    "asked",
    "hit in a part",
    "hit x length",
)


def of(margins: NDArray[np.floating], hits: Sequence[set[str]], *, words: int, asked: bool) -> NDArray[np.float64]:
    """(labels, kinds). `margins` (pieces, labels) and `hits`: the whole message first, then each of its sentences."""
    whole = margins[0].astype(np.float64)
    leading = np.sort(whole)[::-1]
    rival = np.where(whole == leading[0], leading[1], leading[0])
    lead = np.clip(whole - rival, -_CERTAIN, _CERTAIN)
    hit = _present([hits[0]])
    bounded = np.clip(whole, -_CERTAIN, _CERTAIN)
    length = np.full(len(LABELS), np.log1p(words))
    return np.stack(
        [
            bounded,
            np.clip(margins.max(axis=0), -_CERTAIN, _CERTAIN),
            np.maximum(whole, 0.0),
            hit,
            np.clip(rival, -_CERTAIN, _CERTAIN),
            lead,
            hit * bounded,
            length,
            hit * lead,
            np.full(len(LABELS), float(asked)),
            _present(hits[1:]) * (1.0 - hit),
            hit * length,
        ],
        axis=1,
    )


def _present(hits: Sequence[set[str]]) -> NDArray[np.float64]:
    return np.array([any(label in found for found in hits) for label in LABELS], dtype=np.float64)
