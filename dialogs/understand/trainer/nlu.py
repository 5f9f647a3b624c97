"""Writes `dialogs/rasa/nlu.yml`: the development set's training voices as Rasa reads them, a few of each intent."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from dialogs.understand.trainer import compose

TARGET = Path(__file__).parents[2] / "rasa" / "nlu.yml"
#: enough for a bag-of-n-grams classifier to tell intents apart; the file stays readable
MOST = 40


def write() -> int:
    """Returns how many examples were written."""
    examples: dict[str, list[str]] = defaultdict(list)
    for message in compose.read():
        text = " ".join(message["text"].split())
        kept = examples[message["intent"]]
        if (
            message["split"] == "train"
            and len(kept) < MOST
            and len(text) < 120
            and text
            and not set(text) & set("[]{}")
        ):
            kept.append(text)
    lines = ['version: "3.1"', "nlu:"]
    for intent in sorted(examples):
        lines += [
            f"  - intent: {intent}",
            "    examples: |",
            *(f"      - {text}" for text in dict.fromkeys(examples[intent])),
        ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return sum(len(set(texts)) for texts in examples.values())
