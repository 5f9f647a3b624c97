"""The reader: grammar and classifier together. The grammar is certain where it speaks; the classifier covers the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dialogs.understand import answers, clean, grammar, judge, labels, language, model, slots, spelling, values

#: another reader's word for these needs no second opinion
_AT_ITS_WORD = frozenset({"opt_out", "cease_communication", "opt_in", "threat_or_self_harm"})
#: a wish that names no hour, day, place or medium is none, where it is only likely
_OF_VALUES = frozenset({"inconvenient_time_or_place", "channel_preference"})
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

    `safety`: critical labels another reader found; they join ours before slots are read. `using`: another model than the
    trained one, for reports.
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
    verdict, scores = _judged(seen.flat, expecting, using or model.current())
    low = spelling.respelled(seen.text)
    intents = answers.by_media(answers.settled(verdict.found, seen.flat, expecting), low)
    agreed = frozenset(n for n in safety if n in _AT_ITS_WORD or scores.get(n, 0.0) >= _needs(n))
    intents = answers.united(intents, agreed)
    intent = labels.ordered(intents, scores)[0]
    # a critical label that is only likely is acted on, but does not outrank what is certain
    bare = intents == {"inform"} and values.is_value(seen.flat, expecting)
    everything = answers.united(intents, safety if bare else safety | verdict.likely)
    if not everything - {"out_of_scope", "inform"} and _MASKED in seen.text:
        # a card or bank number was masked on arrival: whatever stands around it, they want to pay
        intent, intents, everything = "pay_now", {"pay_now"}, {"pay_now"}
    found = slots.read(seen.text, low, intents=everything, expecting=expecting, today=today, lang=lang)
    vague = verdict.likely | {n for n in safety if scores.get(n, 0.0) < judge.LIKELY}
    everything -= {n for n in vague & _OF_VALUES if not slots.BELONGS[n] & found.keys()}
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
    )


def _needs(label: str) -> float:
    """How likely another reader's label must be here to be primary."""
    return judge.LIKELY if label in _OF_VALUES else judge.AGREED


def critical(text: str, *, channel: str = "sms", expecting: str | None = None) -> frozenset[str]:
    """The critical labels of a message, and `opt_in`: what must be acted on before anything else.

    `expecting`: the open question, so that "start April 3" is a day and "ya" a yes.
    """
    found = read(text, today=date(2000, 1, 1), channel=channel, expecting=expecting).intents
    return frozenset(found) & (labels.CRITICAL | {"opt_in"})


def _judged(flat: str, expecting: str | None, trained: model.Model) -> tuple[judge.Verdict, dict[str, float]]:
    """The whole message and each of its sentences are judged; the highest score of each label explains."""

    def judged(piece: str) -> tuple[judge.Verdict, dict[str, float], set[str]]:
        hits = _hits(piece)
        found = trained.scores(piece, hits=hits, expecting=expecting).tolist()
        scores = dict(zip(trained.labels, found, strict=True))
        return judge.judged(scores, hits), scores, hits

    whole, best, _ = judged(flat)
    pieces = [s for s in re.split(r" \. |\. ", flat) if s.strip()][:24]
    if len(pieces) < 2:
        return whole, best
    sentences = [judged(piece) for piece in pieces]
    highest = {label: max(score, *(scores[label] for _, scores, _ in sentences)) for label, score in best.items()}
    return judge.joined(whole, sentences), highest


def _hits(flat: str) -> set[str]:
    return set(grammar.grammar("en").read(flat)) | set(grammar.grammar("es").read(flat))


def _nothing(seen: clean.Cleaned, hint: str | None) -> Prediction:
    """Reactions, machines and empty messages: nothing was said."""
    action = "none" if seen.reaction or seen.autoreply else "clarify"
    return Prediction(intent="out_of_scope", intents=("out_of_scope",), slots={}, action=action, lang=hint or "en")
