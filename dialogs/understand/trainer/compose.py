"""Voices -> dev_messages.jsonl: amounts filled in, slips of the finger, openings and closings, two things said at once."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from typing import Any

from dialogs.understand import labels
from dialogs.understand.trainer.voices import DATA, Line, Phrase, lines, phrases, value

MESSAGES = DATA / "dev_messages.jsonl"
#: messages kept whole, mails of several lines among them, in the form of the development set
LETTERS = DATA / "letters.jsonl"
_OPENINGS = {
    "en": ["hi ", "hello, ", "hey ", "ok ", "so ", "um ", "yes hi, ", "look, ", "good morning. ", "listen "],
    "es": ["hola ", "buenas, ", "oiga ", "bueno ", "mire, ", "disculpe, ", "buenos días. ", "pues "],
}
_CLOSINGS = {
    "en": [" thanks", " please", ". thank you", "!!", " 🙏", " ok?", " asap", ". sorry", " lol", "..."],
    "es": [" gracias", " por favor", ". muchas gracias", "!!", " 🙏", " ok?", " ya", ". disculpe", "..."],
}
_AMOUNTS = [
    20,
    25,
    30,
    35,
    40,
    45,
    50,
    55,
    60,
    65,
    70,
    75,
    80,
    85,
    90,
    100,
    110,
    120,
    125,
    150,
    175,
    200,
    250,
    300,
    450,
]
#: how often a way of saying is sampled
SAMPLES = 6
_CHOICE = re.compile(r"\(([^()]*)\)")
_ALONE = frozenset({*labels.BARE, "help", "opt_in"})


def compose(seed: int = 7) -> list[dict[str, Any]]:
    """The development set; the same seed gives the same lines."""
    chance = random.Random(seed)  # noqa: S311  # nothing secret: invented slips
    said = list(lines())
    found = [m for line in said for m in _variants(line, chance)]
    found += [m for phrase in phrases() for m in _said(phrase, chance)]
    for split in ("train", "held"):
        for lang in ("en", "es"):
            own = [x for x in said if x.split == split and x.lang == lang and not x.expecting and _joins(x)]
            found += [_pair(chance.choice(own), chance.choice(own), chance) for _ in range(len(own) // 3)]
    for letter in letters():
        found += [letter, *_again(letter, chance)]
    kept = {(m["text"], m["expecting"], m["split"]): m for m in found}
    return [{"id": f"d{n:05d}", **m} for n, m in enumerate(kept.values(), 1)]


def _again(letter: dict[str, Any], chance: random.Random) -> Iterator[dict[str, Any]]:
    """The same words with a slip: what people wrote weighs more than what was composed. Never of voices held back."""
    if letter["split"] == "train":
        slipped = _slipped(letter["text"], chance)
        yield {**letter, "text": slipped, "slots": {}, "slots_checked": False, "source": "slipped"}


def letters() -> list[dict[str, Any]]:
    """Messages people might have sent, split "train", or "fresh": written after everything else, to see what is unseen."""
    return [json.loads(line) for line in LETTERS.read_text(encoding="utf-8").splitlines()]


def _joins(line: Line) -> bool:
    return not _ALONE & set(line.labels) and "{" not in line.text


def _variants(line: Line, chance: random.Random) -> Iterator[dict[str, Any]]:
    yield _message(line, _filled(line, chance))
    if line.split == "held" or line.expecting:
        return
    text, slots = _filled(line, chance)
    yield _message(line, (_slipped(text, chance), None if slots else slots))
    if not set(line.labels) & set(labels.BARE):
        text, slots = _filled(line, chance)
        yield _message(line, (chance.choice(_OPENINGS[line.lang]) + text, slots))
        text, slots = _filled(line, chance)
        yield _message(line, (text + chance.choice(_CLOSINGS[line.lang]), slots))


def _said(phrase: Phrase, chance: random.Random) -> Iterator[dict[str, Any]]:
    """A way of saying, some of its choices made; half of them with a slip."""
    ways = 1
    for choices in _CHOICE.findall(phrase.pattern):
        ways *= choices.count("|") + 1
    often = SAMPLES * 2 if "out_of_scope" in phrase.labels else SAMPLES
    for n in range(min(ways, often)):
        text = _CHOICE.sub(lambda m: chance.choice(m[1].split("|")), phrase.pattern)
        line = Line(
            f"phrase{n % 3}",
            phrase.lang,
            "sms",
            "train",
            phrase.labels,
            re.sub(r"\s+", " ", text).strip(),
            phrase.expecting,
            None,
        )
        spoken, _ = _filled(line, chance)
        yield _message(line, (_slipped(spoken, chance) if n % 3 == 2 else spoken, None))


def _filled(line: Line, chance: random.Random) -> tuple[str, dict[str, Any] | None]:
    small, large = sorted(chance.sample(_AMOUNTS, 2))
    figures = {"a": small, "b": large, "c": large}
    text, slots = line.text, dict(line.slots) if line.slots is not None else None
    for name, amount in figures.items():
        text = text.replace(f"{{{name}}}", str(amount))
    if slots is None:
        return text, None
    return text, {k: value(k, v.format(**figures)) for k, v in slots.items()}


def _slipped(text: str, chance: random.Random) -> str:
    """One or two slips of the finger in words of four letters and more; figures stay."""
    words = text.split(" ")
    long = [i for i, w in enumerate(words) if len(w) > 3 and w.isalpha()]
    for i in chance.sample(long, min(len(long), chance.choice([1, 1, 2]))):
        word, at = words[i], chance.randrange(1, len(words[i]) - 1)
        slip = chance.choice(["swap", "drop", "double"])
        if slip == "swap":
            words[i] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        elif slip == "drop":
            words[i] = word[:at] + word[at + 1 :]
        else:
            words[i] = word[:at] + word[at] + word[at:]
    return " ".join(words)


def _pair(one: Line, other: Line, chance: random.Random) -> dict[str, Any]:
    joined = Line(
        voice=f"{one.voice}+{other.voice}",
        lang=one.lang,
        channel=one.channel,
        split=one.split,
        labels=tuple(dict.fromkeys((*one.labels, *other.labels))),
        text=one.text
        + chance.choice([". ", ", ", " and ", "\n", "! "] if one.lang == "en" else [". ", ", ", " y ", "\n"])
        + other.text,
        slots=None,
    )
    return _message(joined, (joined.text, None))


def _message(line: Line, filled: tuple[str, dict[str, Any] | None]) -> dict[str, Any]:
    text, slots = filled
    ranked = labels.ordered(line.labels)
    critical = [x for x in ranked if x in labels.CRITICAL]
    if slots and {"amount", "amount_min", "amount_max", "down_payment"} & slots.keys():
        slots["currency"] = "USD"
    return {
        "text": text,
        "lang": line.lang,
        "channel": line.channel,
        "expecting": line.expecting,
        "intent": ranked[0],
        "also": ranked[1:],
        "must": critical,
        "critical": bool(critical),
        "slots": slots or {},
        "slots_checked": slots is not None,
        "voice": line.voice,
        "split": line.split,
        "source": "joined" if "+" in line.voice else "phrase" if line.voice.startswith("phrase") else "written",
    }


def write() -> int:
    messages = compose()
    MESSAGES.write_text("".join(json.dumps(m, ensure_ascii=False) + "\n" for m in messages), encoding="utf-8")
    return len(messages)


def read() -> list[dict[str, Any]]:
    return [json.loads(line) for line in MESSAGES.read_text(encoding="utf-8").splitlines()]
