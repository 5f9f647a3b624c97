"""The reader: grammar and classifier together. The grammar is certain where it speaks; the classifier covers the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from dialogs.understand import answers, clean, grammar, judge, labels, language, model, slots, spelling, values

#: acted on, these are what the message is about, whatever else it says
_AT_ITS_WORD = frozenset({"opt_out", "cease_communication", "opt_in", "threat_or_self_harm"})
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

    @property
    def duties(self) -> frozenset[str]:
        """The critical labels found, and `opt_in`."""
        return frozenset(self.intents) & (labels.CRITICAL | {"opt_in"})


def read(
    text: str,
    *,
    expecting: str | None = None,
    today: date,
    language_hint: str | None = None,
    channel: str = "sms",
    safety: frozenset[str] = frozenset(),
    second: frozenset[str] = frozenset(),
    using: model.Model | None = None,
) -> Prediction:
    """Never raises; the same input gives the same prediction. `today` resolves days, `expecting` is what was asked last.

    `safety`: what was acted on already; it joins what is found here. `second`: labels another reader hears in the same
    words: what both hear is there, what this one hears nothing of is `doubted`. `using`: another model than the trained
    one, for reports.
    """
    # on arrival this was done already; whoever asks otherwise is no less safe
    seen = clean.cleaned(slots.contact.mask(text[: clean.LONGEST * 4]), channel=channel)
    if seen.reaction or seen.autoreply:
        return _nothing("none", language_hint)
    if not seen.flat:
        return _payment(language_hint or "en", {}) if _MASKED in seen.text else _nothing("clarify", language_hint)
    lang = language.detect(seen.flat, seen.text, language_hint)
    trained = using or model.current()
    parts = _parted(seen.flat)
    scores = trained.scores(parts.pieces, hits=parts.hits, expecting=expecting)
    verdict = judge.judged(scores, parts.hits[0], second | safety)
    low = spelling.respelled(seen.text)
    intents = answers.by_media(answers.settled(verdict.found, seen.flat, expecting), low)
    intents = answers.united(intents, safety & _AT_ITS_WORD)
    # a critical label that is only likely is acted on, but does not outrank what is certain
    bare = intents == {"inform"} and values.is_value(seen.flat, expecting)
    everything = answers.united(intents, safety | (verdict.likely & (safety | second) if bare else verdict.likely))

    def stated(intents: set[str]) -> dict[str, Any]:
        def why(kind: str, heard: Sequence[str]) -> str | None:
            return trained.reason(kind, seen.flat, heard)

        return slots.read(seen.text, low, intents=intents, expecting=expecting, today=today, lang=lang, why=why)

    if not everything - {"out_of_scope", "inform"} and _MASKED in seen.text:
        return _payment(lang, stated({"pay_now"}))
    found = stated(everything)
    if everything == {"inform"} and not found and expecting != "dispute_reason":
        return _nothing("clarify", lang)
    intent = labels.ordered(intents, scores)[0]
    return Prediction(
        intent=intent,
        intents=(intent, *(i for i in labels.ordered(everything, scores) if i != intent)),
        slots=found,
        action=labels.action_for(intent),
        lang=lang,
        scores={label: round(scores[label], 3) for label in labels.ordered(scores) if scores[label] >= 0.05},
        sure=verdict.sure and everything == intents,
        doubted=second & labels.CRITICAL - everything,
    )


def critical(
    text: str,
    *,
    channel: str = "sms",
    expecting: str | None = None,
    safety: frozenset[str] = frozenset(),
    second: frozenset[str] = frozenset(),
) -> Prediction:
    """The message read for what must be acted on before anything else: `Prediction.duties` and `doubted`.

    `expecting`: the open question, so that "start April 3" is a day and "ya" a yes. The others as in `read`.
    """
    return read(text, today=date(2000, 1, 1), channel=channel, expecting=expecting, safety=safety, second=second)


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


def _nothing(action: str, lang: str | None) -> Prediction:
    """Reactions, machines and empty messages: nothing was said."""
    return Prediction(intent="out_of_scope", intents=("out_of_scope",), slots={}, action=action, lang=lang or "en")


def _payment(lang: str, found: Mapping[str, Any]) -> Prediction:
    """A card or bank number was masked on arrival: whatever stands around it, they want to pay."""
    action = labels.action_for("pay_now")
    return Prediction(intent="pay_now", intents=("pay_now",), slots=found, action=action, lang=lang)
