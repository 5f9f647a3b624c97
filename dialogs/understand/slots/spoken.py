"""Numbers in words, as they are said: thirty five · one fifty · two zero zero · a buck fifty · half a grand · cincuentita."""

from __future__ import annotations

import re
from functools import cache

UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12, "twentyfive": 25, "thirtyfive": 35, "seventyfive": 75,
    "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "dies": 10,
    "once_es": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "diecisiete": 17, "dieciocho": 18,
    "diecinueve": 19, "veinte": 20, "veintiuno": 21, "veintidos": 22, "veintitres": 23, "veinticuatro": 24, "veinticinco": 25,
    "veintiseis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29, "treinta": 30, "cuarenta": 40, "cincuenta": 50,
    "sincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90, "cien": 100, "ciento": 100, "doscientos": 200,
    "trescientos": 300, "cuatrocientos": 400, "quinientos": 500, "seiscientos": 600, "setecientos": 700, "ochocientos": 800,
    "novecientos": 900, "doscientas": 200, "trescientas": 300,
}  # fmt: skip
SCALES = {"hundred": 100, "hundo": 100, "hunnid": 100, "hunned": 100, "thousand": 1000, "grand": 1000, "mil": 1000}
_WORD = "|".join(sorted((*UNITS, *SCALES), key=len, reverse=True))
_DIGIT = "|".join(w for w, v in UNITS.items() if 1 <= v <= 9)
#: "and" joins below a hundred ("hundred and fifty") or turns round ("five and twenty"); "y" joins tens and units
_JOIN = (
    rf"(?:[ -]|(?:(?<=hundred)|(?<=hunnid)|(?<=hundo)|(?<=thousand)) (?:and|n) (?!a )|(?:(?<=nta)|(?<=veinte)) y (?=(?:{_DIGIT})(?![a-z]))"
    rf"|(?<=five) and (?=twenty))"
)
WORDS = re.compile(
    rf"(?<![a-z0-9])(?:(?:a|an|un) (?=hun|thousand|grand|dozen))?(?:{_WORD})(?:{_JOIN}(?:{_WORD}))*(?: and a (?:quarter|half)(?! (?:of|a)\b))?(?![a-z0-9])"
)
#: notes, coins and rounds of money, worth what they are counted in
_NOTES = {
    "twenties": 20, "twentys": 20, "20s": 20, "tens": 10, "10s": 10, "fives": 5, "5s": 5, "fifties": 50, "50s": 50, "hundreds": 100, "100s": 100,
    "fiver": 5, "fivers": 5, "tenner": 10, "tenners": 10, "dub": 20, "dubs": 20, "jackson": 20, "jacksons": 20, "benjamin": 100,
    "benjamins": 100, "franklins": 100, "c-note": 100, "c-notes": 100, "bills": 100, "rack": 1000, "racks": 1000, "stack": 1000,
    "stacks": 1000, "bands": 1000, "grand": 1000, "hundred": 100, "hundo": 100, "hunnid": 100, "hunned": 100, "thousand": 1000,
    "mil": 1000, "dozen": 12, "veintes": 20, "billetes de veinte": 20, "billetes de cien": 100, "cien": 100, "veinte": 20,
    "five": 5, "ten": 10, "twenty": 20, "fifty": 50, "quarters": 0.25,
}  # fmt: skip
_MANY = rf"half an?|an?|the|un|medio|couple(?: of| a)?|(?:a )?couple(?: of| a)?|un par de|\d{{1,3}}(?:\.\d)?|{_DIGIT}|ten|twelve|eighteen"
NOTES = re.compile(
    rf"(?<![a-z0-9$.,])(?P<n>{_MANY}) (?P<d>{'|'.join(sorted(_NOTES, key=len, reverse=True))})(?![a-z0-9])"
)
#: said with "a" alone these are no money: "a ten" is, "a bills" is not
_NOT_ONE = frozenset({"bills", "dozen", "twenties", "tens", "fives", "cien", "veinte", "mil"})
BUCK = re.compile(
    r"(?<![a-z0-9])(?:a )?buck (?P<t>twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -]?(?P<u>five))?(?![a-z])"
)
NICKEL = re.compile(r"(?<![a-z0-9])(?:the |a )?double nickels?(?![a-z])")
_TENS = tuple(w for w, v in UNITS.items() if (13 <= v <= 90 and len(w) >= 5 and w not in {"dozen", "trece", "quince"}))
#: one letter away from a number, and words of their own
_OWN = frozenset("forth fifth sixth thirsty thirst nifty tenth party sexty ninetieth cuarentena treintena".split())
_DIMINUTIVE = re.compile(r"(?:it|ic|ecit)[oa]s?$")


def respelled(low: str) -> str:
    """Number words one slip away, drawn out or made small, in their own spelling; the length of the text may change."""
    return re.sub(r"[a-z]{4,}", lambda m: _closest(m[0]), low)


@cache
def _closest(word: str) -> str:
    if word in UNITS or word in _NOTES or word in _OWN or word.endswith(("th", "ths")):
        return word
    short = re.sub(r"(.)\1{2,}", r"\1", word)
    if short in UNITS:
        return short
    fused = re.fullmatch(r"(treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa)[iy]?(uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)", word)  # fmt: skip
    if fused:
        return f"{fused[1]} y {fused[2]}"
    if _DIMINUTIVE.search(word):
        stem = _DIMINUTIVE.sub("", word)
        return next((w for w in UNITS if UNITS[w] >= 10 and w[:-1] == stem), word)
    sounded = re.sub(r"^f[aou]+w?r?[dt]+y$", "forty", re.sub(r"^fi[fd]?[td]+y$", "fifty", word))
    return sounded if sounded in UNITS else next((w for w in _TENS if _one_slip(word, w)), word)


def _one_slip(a: str, b: str) -> bool:
    """A letter wrong, missing, doubled or swapped with its neighbour, behind the same first letter."""
    if a[0] != b[0] or abs(len(a) - len(b)) > 1 or (len(b) < 6 and len(a) != len(b) + 1 and sorted(a) != sorted(b)):
        return False
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    x, y = a[at:], b[at:]
    return x[1:] == y[1:] or x == y[1:] or x[1:] == y or (x[:2] == y[1::-1] and x[2:] == y[2:])


def value(text: str) -> float:
    """`two hundred and fifty` -> 250, `one fifty` -> 150, `thirty seven fifty` -> 37.5, `two zero zero` -> 200."""
    quarter = re.search(r" and a (quarter|half)$", text)
    words = [w for w in re.split(r"[ -]", text[: quarter.start()] if quarter else text) if w in UNITS or w in SCALES]
    said = [UNITS[w] for w in words if w in UNITS]
    if len(words) > 1 and len(said) == len(words) and max(said) <= 9:
        return float("".join(map(str, said)))
    if len(said) == len(words) and len(said) >= 2 and 20 <= max(said) < 100 and said[0] >= 20 and said[-1] >= 20:
        return sum(said[:-1]) + said[-1] / 100
    if text.endswith("five and twenty"):
        return 25.0
    total = _summed(words)
    if quarter:
        part = 25 if quarter[1] == "quarter" else 50
        return total + part if total >= 100 else total * 100 + part
    return total


def _summed(words: list[str]) -> float:
    total = current = 0
    for word in words:
        if word in SCALES:
            if SCALES[word] == 100:
                current = (current or 1) * 100
            else:
                total, current = total + (current or 1) * 1000, 0
            continue
        figure = UNITS[word]
        hundreds = 1 <= current <= (9 if figure < 20 else 19) and 10 <= figure < 100
        current = current * 100 + figure if hundreds else current + figure
    return float(total + current)


def notes(match: re.Match[str]) -> float | None:
    """`two twenties` -> 40, `3 hundred` -> 300, `half a grand` -> 500; None when it is not money counted."""
    many, note = match["n"], match["d"]
    if many.startswith(("half", "medio")):
        return 0.5 * _NOTES[note] if _NOTES[note] >= 100 else None
    if "couple" in many or "par" in many:
        return 2.0 * _NOTES[note]
    if note in {"cien", "veinte"} or (many in {"a", "an", "the", "un"} and (note in _NOT_ONE or note in SCALES)):
        return None
    if many in {"a", "an", "the", "un"}:
        return float(_NOTES[note])
    if many in UNITS and (note in SCALES or note in UNITS) and note != "dozen":
        return None
    if many[0].isdigit() and note in {"five", "ten", "twenty", "fifty"}:
        return None
    return float(many if many[0].isdigit() else UNITS[many]) * _NOTES[note]


def buck(match: re.Match[str]) -> float:
    """`a buck twenty-five` -> 125."""
    return 100.0 + UNITS[match["t"]] + (5 if match["u"] else 0)
