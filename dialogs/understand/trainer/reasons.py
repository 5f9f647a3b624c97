"""Weights for the reasons of disputes and hardship, from the messages whose slots people labelled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from dialogs.understand import clean, grounds, spelling
from dialogs.understand.slots import reasons, slips

_STRENGTH = 8.0


def train(messages: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """`dispute` and `hardship`: (width + 1, reasons) each."""
    labelled = [m for m in messages if m["source"] == "written" and m["slots_checked"]]
    return {kind: _fit(kind, [m for m in labelled if _gives(kind, m)]) for kind in grounds.REASONS}


def _gives(kind: str, message: dict[str, Any]) -> bool:
    meant = {message["intent"], *message["also"]}
    if kind == "dispute":
        return "dispute" in meant or message["expecting"] == "dispute_reason"
    return "hardship" in meant and "dispute" not in meant


def _fit(kind: str, messages: Sequence[dict[str, Any]]) -> Any:
    rows = [_row(kind, m) for m in messages]
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    x = csr_matrix(
        ([v for _, values in rows for v in values], [c for found, _ in rows for c in found], starts),
        shape=(len(rows), grounds.width(kind)),
    )
    codes = grounds.REASONS[kind]
    y = [codes.index(m["slots"].get("reason", "")) for m in messages]
    fitted = LogisticRegression(C=_STRENGTH, max_iter=300).fit(x, y)
    # a reason nobody gave is never chosen
    weights = np.zeros((grounds.width(kind) + 1, len(codes)), dtype=np.float16)
    weights[-1] = -100.0
    weights[:-1, fitted.classes_] = fitted.coef_.T
    weights[-1, fitted.classes_] = fitted.intercept_
    return weights


def _row(kind: str, message: dict[str, Any]) -> tuple[list[int], list[float]]:
    seen = clean.cleaned(message["text"], channel=message["channel"])
    return grounds.row(kind, seen.flat, reasons.heard(kind, slips.respelled(spelling.respelled(seen.text))))
