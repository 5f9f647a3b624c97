"""Numbers as people write them: 1,300 · 1.3k · 3O · 50ish · thirty five · treinta y cinco · two bills."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dialogs.understand.slots import spoken

_DIGITS = re.compile(
    r"(?<![\w.,/:#-])(?P<sign>us)?\$?\s?(?P<n>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?|\d+,\d{2}(?!\d)|\.\d{2}|\d{1,3}(?:\.\d{3})+(?!\d))(?P<k>k)?(?:ish)?(?P<half> and a half)?(?![\w%]|/\d|[.,:]\d|-\d)"
)
_LETTER_O = re.compile(r"(?<![a-z0-9])\$?[1-9][\do]*o[\do]*(?![a-z0-9])")
#: alone these are articles or too common to be an amount
_WEAK = frozenset({"one", "uno", "once_es", "zero", "dozen", "two", "dos", "grand", "hundo"})


@dataclass(frozen=True, slots=True)
class Number:
    value: float
    start: int
    end: int
    money: bool  #: written with a currency sign or word
    digits: bool  #: written in figures


_MONEY_AFTER = re.compile(
    r"(?:ish)?\s?(?:\$|dollars?|dolars?|bucks?|usd|dlls?\.?|dls|dolares?|dol(?:ar)?itos|pes(?:it)?os?|lucas|varos|smackers|cash|billetes)(?![a-z])"
    r"(?: and (?P<cents>\d{1,2}|[a-z]+(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?) cents)?"
)


def numbers(low: str) -> list[Number]:
    """Every number of a folded text, in order."""
    low = _LETTER_O.sub(lambda m: m[0].replace("o", "0"), low)
    found: list[Number] = []
    for number in (*_slang(low), *_figures(low), *_words(low)):
        if not any(n.start < number.end and number.start < n.end for n in found):
            found.append(number)
    return sorted(found, key=lambda n: n.start)


def _slang(low: str) -> Iterator[Number]:
    """Notes counted out, added up where they are joined: "two twenties and a five" is one sum."""
    for match in spoken.BUCK.finditer(low):
        yield Number(spoken.buck(match), match.start(), match.end(), True, False)
    for match in spoken.NICKEL.finditer(low):
        yield Number(55.0, match.start(), match.end(), True, False)
    sums: list[Number] = []
    for match in spoken.NOTES.finditer(low):
        value = spoken.notes(match)
        if value is None:
            continue
        tail = spoken.WORDS.match(low, match.end() + 1) or spoken.WORDS.match(low, match.end() + 5)
        if value >= 100 and match["n"][0].isdigit() and tail and low[match.end() : tail.start()] in {" ", " and "}:
            sums.append(_paid(low, value + spoken.value(tail[0]), match.start(), tail.end()))
        elif sums and re.fullmatch(r"(?: and| plus|,) ?(?:and )?", low[sums[-1].end : match.start()]):
            last = sums.pop()
            sums.append(_paid(low, last.value + value, last.start, match.end()))
        else:
            sums.append(_paid(low, value, match.start(), match.end()))
    yield from sums


def _figures(low: str) -> Iterator[Number]:
    for match in _DIGITS.finditer(low):
        value = _figure(match["n"]) * (1000 if match["k"] else 1) + (0.5 if match["half"] else 0)
        found = _paid(low, value, match.start(), match.end())
        yield Number(found.value, found.start, found.end, found.money or "$" in match[0], True)


def _words(low: str) -> Iterator[Number]:
    for match in spoken.WORDS.finditer(low):
        found = _paid(low, spoken.value(match[0]), match.start(), match.end())
        if match[0] not in _WEAK or found.money:
            yield found


def _paid(low: str, value: float, start: int, end: int) -> Number:
    """A number with the currency and the cents behind it."""
    after = _MONEY_AFTER.match(low, end)
    cents = after["cents"] if after else None
    if cents and (cents.isdigit() or spoken.WORDS.fullmatch(cents)):
        value += (int(cents) if cents.isdigit() else spoken.value(cents)) / 100
    return Number(value, start, after.end() if after else end, bool(after), False)


def _figure(text: str) -> float:
    if re.fullmatch(r"\d+,\d{2}", text):
        return float(text.replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", text):
        return float(text.replace(".", ""))
    return float(text.replace(",", ""))


def small_count(word: str) -> int | None:
    """A count such as `6`, `six`, `a couple`, `dos`."""
    if word.isdigit():
        return int(word)
    fixed = {"a": 1, "an": 1, "un": 1, "una": 1, "couple": 2, "a couple": 2, "one": 1, "two": 2, "once": 11}
    return fixed.get(word, spoken.UNITS.get(word))


COUNT_WORD = r"\d{1,3}|" + "|".join(w for w, v in spoken.UNITS.items() if 0 < v <= 60 and "_" not in w)
