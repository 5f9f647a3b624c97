"""Trains the reader anew with what colleagues relabelled, in a process of its own: scikit-learn never enters the service.

    python -m outreach.conversations.retraining LABELS.jsonl WEIGHTS.npz      # prints {"hash", "figures", "shipped"}

The figures are of voices held out of training, read as the service reads: the trained reader and the safety grammar together.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from outreach.compliance import optout

#: dialog-spec section 11. A reader below one of these is never put in force.
BARS: dict[str, tuple[str, float]] = {
    "critical_recall": ("at least", 0.995),
    "false_opt_out": ("at most", 0.005),
    "macro_f1": ("at least", 0.92),
    "slot_match": ("at least", 0.95),
    "out_of_scope_safe": ("at least", 0.95),
}


def fallen(figures: Mapping[str, float]) -> list[str]:
    """The bars these figures miss, in words; none: the reader may be put in force."""
    missed = []
    for name, (side, bar) in BARS.items():
        value = figures[name]
        if value < bar if side == "at least" else value > bar:
            missed.append(f"{name.replace('_', ' ')} is {value:.2%}, {side} {bar:.1%} is asked")
    return missed


def main() -> None:
    from dialogs.understand import model
    from dialogs.understand.trainer import compose, report, train

    labels, target = (Path(name) for name in sys.argv[1:3])
    more = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]
    held = [m for m in compose.read() if m["split"] == "held" and m["source"] == "written"]

    def figures(reader: model.Model) -> dict[str, Any]:
        def scored(messages: list[dict[str, Any]]) -> dict[str, Any]:
            s = report.score(
                messages, reader, safety=lambda text, medium: optout.reading(text, medium=medium).opinion()
            )
            return {name: getattr(s, name) for name in BARS} | {"f1": s.f1, "messages": s.messages}

        by_language = {lang: scored([m for m in held if m["lang"] == lang]) for lang in ("en", "es")}
        return {**scored(held), "by_language": by_language}

    proving = io.BytesIO()
    np.savez(proving, **train.train("train", more=more))
    arrays = train.train("all", more=more)
    model.keep(target, arrays)
    result = {
        "hash": model.content_hash(arrays),
        "fingerprint": model.fingerprint(),
        "figures": figures(model.parse(proving.getvalue())),
        "shipped": figures(model.trained("train")),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
