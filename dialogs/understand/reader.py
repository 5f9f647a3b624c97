"""The reader: grammar and classifier together. The grammar is certain where it speaks; the classifier covers the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dialogs.understand import answers, clean, grammar, labels, language, slots, spelling


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What a message says. `intent` is primary, `intents` all; `scores` in [0, 1] explain both."""

    intent: str
    intents: tuple[str, ...]
    slots: Mapping[str, Any]
    action: str
    lang: str
    scores: Mapping[str, float] = field(default_factory=dict)
    sure: bool = True


def read(
    text: str,
    *,
    expecting: str | None = None,
    today: date,
    language_hint: str | None = None,
    channel: str = "sms",
    safety: frozenset[str] = frozenset(),
) -> Prediction:
    """Never raises; the same input gives the same prediction. `today` resolves days, `expecting` is what was asked last.

    `safety`: critical labels another reader found; they join ours before slots are read.
    """
    seen = clean.cleaned(text, channel=channel)
    if seen.reaction or seen.autoreply or not seen.flat:
        return _nothing(seen, language_hint)
    lang = language.detect(seen.flat, seen.text, language_hint)
    intents = answers.settled(_found(seen.flat), seen.flat, expecting)
    intents = answers.united(intents, safety)
    intent = labels.ordered(intents)[0]
    values = slots.read(
        seen.text, spelling.fold(seen.text), intents=intents, expecting=expecting, today=today, lang=lang
    )
    return Prediction(
        intent=intent,
        intents=tuple(labels.ordered(intents)),
        slots=values,
        action=labels.action_for(intent),
        lang=lang,
        scores=dict.fromkeys(sorted(intents), 1.0),
    )


def critical(text: str, *, channel: str = "sms") -> frozenset[str]:
    """The critical labels of a message, and `opt_in`: what must be acted on before anything else."""
    seen = clean.cleaned(text, channel=channel)
    if seen.reaction or seen.autoreply or not seen.flat:
        return frozenset()
    found = answers.settled(_found(seen.flat), seen.flat, None)
    return frozenset(found & (labels.CRITICAL | {"opt_in"}))


def _found(flat: str) -> set[str]:
    found = set(grammar.grammar("en").read(flat))
    if re.search(r"[a-z]", flat):
        found |= set(grammar.grammar("es").read(flat))
    return found


def _nothing(seen: clean.Cleaned, hint: str | None) -> Prediction:
    """Reactions, machines and empty messages: nothing was said."""
    action = "none" if seen.reaction or seen.autoreply else "clarify"
    return Prediction(intent="out_of_scope", intents=("out_of_scope",), slots={}, action=action, lang=hint or "en")
