"""Why someone disputes or cannot pay: one choice among the reasons and none, weighed from n-grams and the patterns heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dialogs.understand import features

#: dialog-spec section 6; "" is said by most, and is no reason
REASONS: Mapping[str, tuple[str, ...]] = {
    "dispute": ("", *"not_mine wrong_amount paid unknown_debt service_issue insurance time_barred other".split()),
    "hardship": (
        "",
        *"job_loss reduced_income medical disability fixed_income divorce bereavement disaster housing other".split(),
    ),
}


def row(kind: str, flat: str, heard: Sequence[str]) -> tuple[list[int], list[float]]:
    """Sparse features for training and reading alike: n-grams, every pattern heard, and the most telling once more."""
    positions, values = features.indices(flat, None)
    codes = REASONS[kind]
    positions += [features.BUCKETS + codes.index(code) for code in heard]
    positions.append(features.BUCKETS + len(codes) + codes.index(heard[0] if heard else ""))
    return positions, [*values, *[1.0] * (len(heard) + 1)]


def width(kind: str) -> int:
    return features.BUCKETS + 2 * len(REASONS[kind])


def likeliest(kind: str, flat: str, heard: Sequence[str], *, weights: NDArray[np.float32]) -> str | None:
    """A code of `REASONS`, None for none. `weights`: (width + 1, reasons), the last row is the bias."""
    positions, values = row(kind, flat, heard)
    odds = np.asarray(values, dtype=np.float32) @ weights[positions] + weights[-1]
    return REASONS[kind][int(np.argmax(odds))] or None
