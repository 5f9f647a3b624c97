"""Two stages: a logistic regression a label over hashed n-grams and grammar hits, and one that weighs what speaks for a label.

The second learns from voices the first did not see, so it knows how far the first is to be trusted.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any
from zlib import crc32

import numpy as np
from joblib import Parallel, delayed  # type: ignore[import-untyped]
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from dialogs.understand import evidence, features, labels, model, reader
from dialogs.understand.trainer import compose, reasons

LABELS = evidence.LABELS
STRENGTH = 12.0
#: the second stage has few numbers to learn, and shares them between labels
SECOND_STRENGTH = 0.3
FOLDS = 2
_CRITICAL = np.array([n in labels.CRITICAL or n == "opt_in" for n in LABELS])
#: the kinds of evidence each label weighs for itself, beside what all weigh alike
_OWN = [evidence.KINDS.index(kind) for kind in ("whole", "hit")]


def train(split: str = "all", *, more: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """Weights, biases and scales as arrays; the same data gives the same arrays. `train`: without the held-out voices.

    `more`: messages of the development set's form, learnt beside it.
    """
    messages = [m for m in compose.read() if split == "all" or m["split"] == split] + list(more)
    parted = Parallel(n_jobs=-1, batch_size=500)(delayed(reader.parted)(m["text"], m["channel"]) for m in messages)
    x, y = _matrix(messages, parted), _meant(messages)
    fold = np.array([_fold(m["voice"]) for m in messages])
    seen = [_evidence(messages, parted, _fit(x[fold != n], y[fold != n]), where=fold == n) for n in range(FOLDS)]
    order = [np.flatnonzero((fold == n) & _written(messages)) for n in range(FOLDS)]
    weights, bias = _fit(x, y)
    return {
        "weights": weights.astype(np.float16),
        "bias": bias,
        "scales": _weigh(np.concatenate(seen), y[np.concatenate(order)]),
        **reasons.train(messages),
    }


def _meant(messages: Sequence[dict[str, Any]]) -> Any:
    return np.array([[label in (m["intent"], *m["also"]) for label in LABELS] for m in messages])


def _written(messages: Sequence[dict[str, Any]]) -> Any:
    """What people wrote; what was composed of it teaches words, not how far to trust them."""
    return np.array([m["source"] == "written" for m in messages])


def _matrix(messages: Sequence[dict[str, Any]], parted: Sequence[reader.Parted]) -> csr_matrix:
    rows = []
    for message, parts in zip(messages, parted, strict=True):
        # every other line is learnt without the grammar: its words must carry the meaning by themselves
        hits = set[str]() if crc32(message["id"].encode()) % 2 else parts.hits[0]
        rows.append(model.row(parts.pieces[0], hits=hits, expecting=message["expecting"]))
    return _sparse(rows)


def _sparse(rows: Sequence[tuple[list[int], list[float]]]) -> csr_matrix:
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = [c for found, _ in rows for c in found]
    data = [v for _, values in rows for v in values]
    x = csr_matrix((data, columns, starts), shape=(len(rows), features.BUCKETS + len(LABELS)), dtype=np.float64)
    x.sum_duplicates()  # here, since processes share it read-only
    return x


def _evidence(
    messages: Sequence[dict[str, Any]], parted: Sequence[reader.Parted], fitted: tuple[Any, Any], *, where: Any
) -> Any:
    """(written messages of the fold, labels, kinds): what a first stage that did not know their voices saw in them."""
    chosen = [(messages[int(i)], parted[int(i)]) for i in np.flatnonzero(where & _written(messages))]
    rows = [
        model.row(piece, hits=hits, expecting=m["expecting"])
        for m, parts in chosen
        for piece, hits in zip(parts.pieces, parts.hits, strict=True)
    ]
    margins = _sparse(rows) @ fitted[0] + fitted[1]
    ends = np.cumsum([len(parts.pieces) for _, parts in chosen])
    return np.array(
        [
            evidence.of(
                margins[end - len(parts.pieces) : end],
                parts.hits,
                words=len(parts.pieces[0].split()),
                asked=m["expecting"] is not None,
            )
            for (m, parts), end in zip(chosen, ends, strict=True)
        ]
    )


def _weigh(seen: Any, y: Any) -> Any:
    """Labels x (kinds + 1): what all critical labels, and all others, have in common, and what each adds of its own."""
    scales = np.zeros((len(LABELS), seen.shape[2] + 1))
    for group in (np.flatnonzero(_CRITICAL), np.flatnonzero(~_CRITICAL)):
        own = np.eye(len(group))
        rows = np.concatenate(
            [np.hstack([one[group], own, *(own * one[group][:, [kind]] for kind in _OWN)]) for one in seen]
        )
        fitted = LogisticRegression(C=SECOND_STRENGTH, max_iter=400).fit(rows, y[:, group].ravel())
        shared, base, *added = np.split(
            fitted.coef_[0], np.cumsum([seen.shape[2], *(len(group) for _ in range(len(_OWN)))])
        )
        scales[group, :-1] = shared
        for kind, extra in zip(_OWN, added, strict=True):
            scales[group, kind] += extra
        scales[group, -1] = base + fitted.intercept_[0]
    return scales


def _fold(voice: str) -> int:
    return crc32(voice.partition("+")[0].encode()) % FOLDS


def _fit(x: csr_matrix, y: Any) -> tuple[Any, Any]:
    """Weights (features, labels) and biases, a label at a time on every core."""
    found = Parallel(n_jobs=-1)(delayed(_one)(x, y[:, n]) for n in range(len(LABELS)))
    return np.stack([w for w, _ in found], axis=1).astype(np.float32), np.array([b for _, b in found], dtype=np.float32)


def _one(x: csr_matrix, y: Any) -> tuple[Any, float]:
    # the dual solver is ten times faster here, and close enough long before it says so
    fitted = LogisticRegression(
        C=STRENGTH, solver="liblinear", dual=True, class_weight={0: 1.0, 1: 2.0}, max_iter=60, tol=0.1, random_state=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted.fit(x, y)
    return fitted.coef_[0], float(fitted.intercept_[0])
