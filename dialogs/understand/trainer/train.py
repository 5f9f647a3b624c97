"""One logistic regression a label over hashed n-grams and grammar hits; scaled on voices it did not see."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from dialogs.understand import clean, features, grammar, labels, model
from dialogs.understand.trainer import compose

LABELS: tuple[str, ...] = tuple(labels.ORDER)
STRENGTH = 12.0
FOLDS = 2


def train(split: str = "all", *, more: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """Weights, biases and scales as arrays; the same data gives the same arrays. `train`: without the held-out voices.

    `more`: messages of the development set's form, learnt beside it.
    """
    messages = [m for m in compose.read() if split == "all" or m["split"] == split] + list(more)
    x = matrix(messages)
    y = np.array([[label in (m["intent"], *m["also"]) for label in LABELS] for m in messages])
    fold = np.array([_fold(m["voice"]) for m in messages])
    weights = np.zeros((x.shape[1], len(LABELS)), dtype=np.float32)
    bias, slope, offset = (np.zeros(len(LABELS), dtype=np.float32) for _ in range(3))
    for n in range(len(LABELS)):
        weights[:, n], bias[n] = _fit(x, y[:, n])
        slope[n], offset[n] = _scale(x, y[:, n], fold)
    return {
        "labels": np.array(LABELS),
        "weights": weights.astype(np.float16),
        "bias": bias,
        "slope": slope,
        "offset": offset,
    }


def matrix(messages: list[dict[str, Any]]) -> csr_matrix:
    data: list[float] = []
    columns: list[int] = []
    starts = [0]
    for message in messages:
        flat = clean.cleaned(message["text"], channel=message["channel"]).flat
        hits = set(grammar.grammar("en").read(flat)) | set(grammar.grammar("es").read(flat))
        if crc32(message["id"].encode()) % 2:
            # every other line is learnt without the grammar: its words must carry the meaning by themselves
            hits = set()
        positions, values = model.row(flat, hits=hits, expecting=message["expecting"], labels=LABELS)
        columns += positions
        data += values
        starts.append(len(columns))
    return csr_matrix((data, columns, starts), shape=(len(messages), features.BUCKETS + len(LABELS)), dtype=np.float64)


def _fold(voice: str) -> int:
    return crc32(voice.partition("+")[0].encode()) % FOLDS


def _fit(x: csr_matrix, y: Any) -> tuple[Any, float]:
    # the dual solver is ten times faster here, and close enough long before it says so
    fitted = LogisticRegression(
        C=STRENGTH, solver="liblinear", dual=True, class_weight={0: 1.0, 1: 2.0}, max_iter=60, tol=0.1, random_state=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted.fit(x, y)
    return fitted.coef_[0], float(fitted.intercept_[0])


def _scale(x: csr_matrix, y: Any, fold: Any) -> tuple[float, float]:
    """Platt's two numbers, from margins of voices held out of the fit."""
    margins = np.zeros(len(y))
    for n in range(FOLDS):
        out = fold == n
        if y[~out].any() and out.any():
            coefficients, intercept = _fit(x[~out], y[~out])
            margins[out] = x[out] @ coefficients + intercept
    platt = LogisticRegression(C=1e3, solver="lbfgs").fit(margins.reshape(-1, 1), y)
    return float(max(platt.coef_[0][0], 0.1)), float(platt.intercept_[0])
