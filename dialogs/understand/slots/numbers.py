"""Numbers as people write them: 1,300 · 1.3k · 3O · thirty five · treinta y cinco · doscientos."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "fifthy": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "ninty": 90, "dozen": 12, "twentyfive": 25, "thirtyfive": 35, "seventyfive": 75,
    "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
    "once_es": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "diecisiete": 17, "dieciocho": 18,
    "diecinueve": 19, "veinte": 20, "veintiuno": 21, "veintidos": 22, "veintitres": 23, "veinticuatro": 24, "veinticinco": 25,
    "veintiseis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29, "treinta": 30, "cuarenta": 40, "cincuenta": 50,
    "sincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90, "cien": 100, "ciento": 100, "doscientos": 200,
    "trescientos": 300, "cuatrocientos": 400, "quinientos": 500, "seiscientos": 600, "setecientos": 700, "ochocientos": 800,
    "novecientos": 900, "doscientas": 200, "trescientas": 300,
}  # fmt: skip
_SCALES = {"hundred": 100, "hundo": 100, "thousand": 1000, "grand": 1000, "mil": 1000}
_WORD = "|".join(sorted((*_UNITS, *_SCALES), key=len, reverse=True))
_WORDS = re.compile(
    rf"(?<![a-z0-9])(?:(?:a|an|un) (?=hundred|thousand|grand|dozen))?(?:{_WORD})(?:(?:[ -]|[ -](?:and|y)[ -])(?:{_WORD}))*(?![a-z0-9])"
)
_DIGITS = re.compile(
    r"(?<![\w.,/:#-])(?P<sign>us)?\$?\s?(?P<n>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?|\d+,\d{2}(?!\d)|\.\d{2}|\d{1,3}(?:\.\d{3})+(?!\d))(?P<k>\s?k)?(?![\w%]|/\d|[.,:]\d|-\d)"
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
    r"\s?(?:\$|dollars?|dolars?|bucks?|usd|dlls?\.?|dls|dolares?|dolaritos|pesos?|lucas|varos|smackers|cash|billetes)(?![a-z])"
)


def numbers(low: str) -> list[Number]:
    """Every number of a folded text, in order."""
    low = _LETTER_O.sub(lambda m: m[0].replace("o", "0"), low)
    found: list[Number] = []
    for match in _DIGITS.finditer(low):
        value = _figure(match["n"]) * (1000 if match["k"] else 1)
        sign = "$" in match[0]
        after = _MONEY_AFTER.match(low, match.end())
        found.append(Number(value, match.start(), after.end() if after else match.end(), sign or bool(after), True))
    for match in _WORDS.finditer(low):
        if any(n.start < match.end() and match.start() < n.end for n in found):
            continue
        after = _MONEY_AFTER.match(low, match.end())
        if match[0] in _WEAK and not after:
            continue
        end = after.end() if after else match.end()
        found.append(Number(_spoken(match[0]), match.start(), end, bool(after), False))
    return sorted(found, key=lambda n: n.start)


def _figure(text: str) -> float:
    if re.fullmatch(r"\d+,\d{2}", text):
        return float(text.replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", text):
        return float(text.replace(".", ""))
    return float(text.replace(",", ""))


def _spoken(text: str) -> float:
    """`two hundred and fifty` -> 250, `one fifty` -> 150, `mil doscientos` -> 1200."""
    total = current = 0
    for word in re.split(r"[ -]", text):
        if word in _SCALES:
            scale = _SCALES[word]
            if scale == 100:
                current = (current or 1) * 100
            else:
                total, current = total + (current or 1) * 1000, 0
        elif word in _UNITS:
            value = _UNITS[word]
            current = current * 100 + value if 1 <= current <= 19 and value >= 20 and value < 100 else current + value
    return float(total + current)


def small_count(word: str) -> int | None:
    """A count such as `6`, `six`, `a couple`, `dos`."""
    if word.isdigit():
        return int(word)
    fixed = {"a": 1, "an": 1, "un": 1, "una": 1, "couple": 2, "a couple": 2, "one": 1, "two": 2, "once": 11}
    return fixed.get(word, _UNITS.get(word))


COUNT_WORD = r"\d{1,3}|" + "|".join(w for w, v in _UNITS.items() if 0 < v <= 60 and "_" not in w)
