"""Amounts and the part they play: instalment, down payment, bounds of a range, share of the debt."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from dialogs.understand.slots.numbers import Number, numbers

_PERCENT = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d+)?) ?(?:%|percent|pct|por ?ciento|per cent)")
_SHARES: tuple[tuple[str, float], ...] = (
    (r"three[ -]quarters|tres cuartos|3/4", 75.0),
    (r"two[ -]thirds|dos tercios|2/3", 66.67),
    (r"one[ -]half|half|la mitad|mitad|1/2|50-50", 50.0),
    (r"(?:a|one)[ -]third|un tercio|1/3|tercera parte", 33.33),
    (r"(?:a|one)[ -](?:quarter|fourth)|un cuarto|1/4|cuarta parte", 25.0),
    (r"(?:fifty|cincuenta) (?:percent|por ciento)", 50.0),
    (r"(?:sixty|sesenta) (?:percent|por ciento)", 60.0),
    (r"(?:seventy|setenta) (?:percent|por ciento)", 70.0),
    (r"(?:eighty|ochenta) (?:percent|por ciento)", 80.0),
    (r"(?:forty|cuarenta) (?:percent|por ciento)", 40.0),
    (r"(?:thirty|treinta) (?:percent|por ciento)", 30.0),
    (r"(?:twenty|veinte) (?:percent|por ciento)", 20.0),
)
_HYPHEN = re.compile(r"(?<=\d) ?[-–] ?(?=\$?\d)")
_YEAR = re.compile(r"(?:in|en|since|desde|back in|year|of|del?|ano|from) (?:19[89]|20[0-3])\d(?!\d)")
_MAX_BEFORE = re.compile(
    r"(?:not (?:above|over|more than|higher than)|no (?:more|higher) than|nothing (?:above|over|more than)|at (?:the )?most|max(?:imum)?(?: of| is)?|up to|under|below|less than|no mas de|maximo(?: de)?|hasta|a lo mucho|cuando mucho|menos de|not a penny over|the most i can (?:do|pay|afford)(?: is)?|tops|cap(?: of| it at)?|lo mas que puedo (?:es|dar|pagar)?)\s*(?:like |about |unos )?$"
)
_MAX_AFTER = re.compile(
    r"^\s*(?:a month |monthly |per month |a week |al mes )?(?:max(?:imum)?|tops|at (?:the )?most|or less|maximo|a lo mucho|o menos|is (?:my|the) (?:max|limit|most))(?![a-z])"
)
_MIN_BEFORE = re.compile(
    r"(?:at (?:the )?least|min(?:imum)?(?: of| is)?|no less than|not less than|more than|minimo(?: de)?|por lo menos|al menos|starting at|over|above|mas de)\s*(?:like |about |unos )?$"
)
_MIN_AFTER = re.compile(
    r"^\s*(?:a month |monthly |per month |a week |al mes )?(?:min(?:imum)?|at (?:the )?least|or more|minimo|o mas|por lo menos)(?![a-z])"
)
_DOWN_AFTER = re.compile(
    r"^\s*(?:dollars |bucks )?(?:down|up ?front|to start(?: with)?(?: and| then|,| plus)|first(?: and| then|,)|initially|now(?:,| and| then| plus| \+)|today(?:,| and| then| plus)|right away(?:,| and| then)|de enganche|de entrada|de inicial|inicial(?:es)?|ahora y|hoy y|ahorita y|de pie|al principio|para empezar y)(?! to \$?\d)"
)
_DOWN_BEFORE = re.compile(
    r"(?:down ?payment(?: of| is)?|put(?:ting)?(?: down)?(?= \$?\d+ down)|initial payment(?: of)?|enganche(?: de)?|pago inicial(?: de)?|anticipo(?: de)?|deposit(?: of)?|entrada de)\s*(?:like |about |unos )?$"
)
_FIRST_THEN = re.compile(
    r"(?:first (?:payment|one)(?: of| is| at)?|start(?:ing)?(?: off)? with|primer pago(?: de)?|empezar con|primero)\s*$"
)
_THEN = re.compile(r"(?<![a-z])(?:then|after that|afterwards|luego|despues)(?![a-z])")
_BETWEEN = re.compile(r"^\s*(?:dollars |bucks )?(?:-|–|to|and|or|y|a|o)\s*\$?\s*$")
_RANGE_OPEN = re.compile(
    r"(?:between|from|entre|de|anywhere from|somewhere between|range of|about|around|maybe|do|pay|like)\s*\$?\s*$"
)
_NOISE_BEFORE = re.compile(
    r"(?:chapter|section|grade|apt|unit|suite|room|age|aged|channel|area code|size|interstate|hwy|option|number|#|no\.|im|i'm|i am|kids?|title|tengo)\s*$"
)
_NOISE_AFTER = re.compile(
    r"^\s*(?:(?:years?|yrs?|months?|weeks?|days?|hours?|hrs?|minutes?|kids?|children|people|times|th grade|am|pm|a\.m|p\.m|o'?clock|anos?|meses|semanas?|dias?|horas?|hijos|ninos|veces|payments?|installments?|pagos|cuotas|texts|messages|calls|of us|st\b|nd\b|rd\b|th\b|accounts?|cuentas)(?![a-z])|:\d)"
)
_CORRECTED = re.compile(r"(?:not|instead of|rather than|no(?=,? )|en vez de|en lugar de|isnt|wasnt)\s*\$?\s*$")
#: "I make 800 a week", "rent is 900": figures of a life, not of an offer
_LIFE = re.compile(
    r"(?:make|earn|get|bring home|take home|rent is|rent|income is|gano|cobro|me pagan|la renta|recibo|owe|debo|balance (?:is|of)|bill (?:is|of|was)|was|total(?: is| of)?|originally|says|charged|of the|for the|out of|saldo de|deuda de|counter|offered|you said|you want|asking|instead of the|not the|cant (?:do|afford|pay|swing|manage)|can't (?:do|afford|pay|swing|manage)|cannot (?:do|afford|pay)|no puedo(?: pagar| con)?)\s*(?:like |about |only |me |el |la |de |the |solo |around )*\$?\s*$"
)


def read(low: str, *, planning: bool, settling: bool, percent_of: str) -> dict[str, Any]:
    """`amount`, `amount_min`, `amount_max`, `down_payment`, `percent` of a folded text whose days and counts are blanked."""
    found: dict[str, Any] = {}
    share = _share(percent_of)
    if share is not None:
        found["percent"] = share
    low = _PERCENT.sub(lambda m: " " * len(m[0]), low)
    low = _HYPHEN.sub(" to ", _YEAR.sub(lambda m: " " * len(m[0]), low))
    figures = [n for n in numbers(low) if _counts(n, low)]
    figures = _uncorrected(figures, low)
    for low_end, high_end in _ranges(figures, low):
        found.update(amount_min=min(low_end.value, high_end.value), amount_max=max(low_end.value, high_end.value))
        figures = [n for n in figures if n not in (low_end, high_end)]
    rest: list[Number] = []
    for figure in figures:
        role = _role(figure, low, planning and len(figures) > 1)
        if role == "amount":
            rest.append(figure)
        else:
            found.setdefault(role, figure.value)
    if rest and not {"amount_min", "amount_max"} & found.keys():
        found["amount"] = _main(rest, low).value
    elif (
        rest
        and "amount_max" in found
        and "amount_min" not in found
        and planning
        and rest[0].value <= found["amount_max"]
    ):
        found["amount"] = rest[0].value
        del found["amount_max"]
    return found


def _share(low: str) -> float | None:
    match = _PERCENT.search(low)
    if match:
        return float(match[1])
    return next((v for p, v in _SHARES if re.search(rf"(?<![a-z\d/])(?:{p})(?![a-z\d/])", low)), None)


def _counts(number: Number, low: str) -> bool:
    if number.value <= 0 or number.value >= 10_000_000:
        return False
    before, after = low[max(0, number.start - 30) : number.start], low[number.end : number.end + 20]
    return number.money or not (_NOISE_BEFORE.search(before) or _NOISE_AFTER.match(after))


def _uncorrected(figures: list[Number], low: str) -> list[Number]:
    """ "70, not 55": the figure after "not" is the one taken back."""
    if len(figures) < 2:
        return figures
    kept = [n for n in figures if not _CORRECTED.search(low[max(0, n.start - 16) : n.start])]
    return kept or figures


def _ranges(figures: list[Number], low: str) -> list[tuple[Number, Number]]:
    for a, b in pairwise(figures):
        gap = low[a.end : b.start]
        if _BETWEEN.match(gap) and (
            re.search(r"-|–|\bto\b|\ba\b|\bor\b|\bo\b", gap) or _RANGE_OPEN.search(low[: a.start])
        ):
            if re.search(r"\b(?:and|y)\b", gap) and not re.search(r"(?:between|entre)[^.]{0,14}$", low[: a.start]):
                continue
            return [(a, b)]
    return []


def _role(figure: Number, low: str, several: bool) -> str:
    before, after = low[max(0, figure.start - 40) : figure.start], low[figure.end : figure.end + 40]
    if _DOWN_AFTER.match(after) or _DOWN_BEFORE.search(before):
        decisive = re.match(
            r"\s*(?:dollars |bucks )?(?:down|up ?front|de enganche|de entrada|de inicial)", after
        ) or _DOWN_BEFORE.search(before)
        if several or decisive:
            return "down_payment"
    if several and _FIRST_THEN.search(before) and _THEN.search(after):
        return "down_payment"
    if _MAX_BEFORE.search(before) or _MAX_AFTER.match(after):
        return "amount_max"
    if _MIN_BEFORE.search(before) or _MIN_AFTER.match(after):
        return "amount_min"
    return "amount"


def _main(figures: list[Number], low: str) -> Number:
    """The figure offered, not one of the story told around it."""
    told = [n for n in figures if not _LIFE.search(low[max(0, n.start - 40) : n.start])]
    return (told or figures)[0]
