"""The reader: grammar and classifier together. The grammar is certain where it speaks; the classifier covers the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from dialogs.understand import answers, clean, grammar, judge, labels, language, model, slots, spelling, values

#: so many are looked at one by one
_SENTENCES = 24
#: what `slots.contact.mask` leaves of a number
_MASKED = "•" * 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What a message says. `intent` is primary, `intents` all; `scores` in [0, 1] explain both.

    Not `sure`: nothing was likely enough, or a critical label is only likely; a person should look too.
    """

    intent: str
    intents: tuple[str, ...]
    slots: Mapping[str, Any]
    action: str
    lang: str
    scores: Mapping[str, float] = field(default_factory=dict)
    sure: bool = True
    #: what another reader found and this one does not believe
    doubted: frozenset[str] = frozenset()


def read(
    text: str,
    *,
    expecting: str | None = None,
    today: date,
    language_hint: str | None = None,
    channel: str = "sms",
    safety: frozenset[str] = frozenset(),
    using: model.Model | None = None,
) -> Prediction:
    """Never raises; the same input gives the same prediction. `today` resolves days, `expecting` is what was asked last.

    `safety`: labels another reader found in the same words: where both hear one it is there, where ours hears nothing at
    all of it it is `doubted`. `using`: another model than the trained one, for reports.
    """
    # on arrival this was done already; whoever asks otherwise is no less safe
    seen = clean.cleaned(slots.contact.mask(text[: clean.LONGEST * 4]), channel=channel)
    if not seen.flat and _MASKED in seen.text and not (seen.reaction or seen.autoreply):
        return Prediction(
            intent="pay_now",
            intents=("pay_now",),
            slots={},
            action=labels.action_for("pay_now"),
            lang=language_hint or "en",
        )
    if seen.reaction or seen.autoreply or not seen.flat:
        return _nothing(seen, language_hint)
    lang = language.detect(seen.flat, seen.text, language_hint)
    parts = _parted(seen.flat)
    scores = (using or model.current()).scores(parts.pieces, hits=parts.hits, expecting=expecting)
    verdict = judge.judged(scores, parts.hits[0], safety)
    low = spelling.respelled(seen.text)
    intents = answers.by_media(answers.settled(verdict.found, seen.flat, expecting), low)
    intent = labels.ordered(intents, scores)[0]
    # a critical label that is only likely is acted on, but does not outrank what is certain
    bare = intents == {"inform"} and values.is_value(seen.flat, expecting)
    everything = answers.united(intents, frozenset(verdict.likely & safety if bare else verdict.likely))
    if not everything - {"out_of_scope", "inform"} and _MASKED in seen.text:
        # a card or bank number was masked on arrival: whatever stands around it, they want to pay
        intent, intents, everything = "pay_now", {"pay_now"}, {"pay_now"}
    found = slots.read(seen.text, low, intents=everything, expecting=expecting, today=today, lang=lang)
    if everything == {"inform"} and not found and expecting != "dispute_reason":
        return _nothing(seen, lang)
    return Prediction(
        intent=intent,
        intents=(intent, *(i for i in labels.ordered(everything, scores) if i != intent)),
        slots=found,
        action=labels.action_for(intent),
        lang=lang,
        scores={label: round(scores[label], 3) for label in labels.ordered(scores) if scores[label] >= 0.05},
        sure=verdict.sure and everything == intents,
        doubted=frozenset(safety & labels.CRITICAL - everything),
    )


def critical(text: str, *, channel: str = "sms", expecting: str | None = None) -> frozenset[str]:
    """The critical labels of a message, and `opt_in`: what must be acted on before anything else.

    `expecting`: the open question, so that "start April 3" is a day and "ya" a yes.
    """
    found = read(text, today=date(2000, 1, 1), channel=channel, expecting=expecting).intents
    return frozenset(found) & (labels.CRITICAL | {"opt_in"})


class Parted(NamedTuple):
    """A message and its sentences, and what the grammar hears in each."""

    pieces: list[str]
    hits: list[set[str]]


def parted(text: str, channel: str) -> Parted:
    """As `read` takes a message apart."""
    return _parted(clean.cleaned(text, channel=channel).flat)


def _parted(flat: str) -> Parted:
    sentences = [s for s in re.split(r" \. |\. ", flat) if s.strip()][:_SENTENCES]
    pieces = [flat, *(sentences if len(sentences) > 1 else [])]
    return Parted(pieces, [_hits(piece) for piece in pieces])


def _hits(flat: str) -> set[str]:
    return set(grammar.grammar("en").read(flat)) | set(grammar.grammar("es").read(flat))


def _nothing(seen: clean.Cleaned, hint: str | None) -> Prediction:
    """Reactions, machines and empty messages: nothing was said."""
    action = "none" if seen.reaction or seen.autoreply else "clarify"
    return Prediction(intent="out_of_scope", intents=("out_of_scope",), slots={}, action=action, lang=hint or "en")
