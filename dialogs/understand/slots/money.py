"""Amounts and the part they play: instalment, down payment, bounds of a range, share of the debt."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from dialogs.understand.slots import offers, roles, spoken
from dialogs.understand.slots.numbers import Number, numbers

_PERCENT = re.compile(
    rf"(?<![\d.])(?:(\d{{1,3}}(?:\.\d+)?)|(?P<w>{spoken.WORDS.pattern})) ?(?:%|percent|pct|por ?ciento|per cent|cents on the dollar|centavos por dolar)"
)
_SHARES: tuple[tuple[str, float], ...] = (
    (r"three[ -]quarters|tres cuartos|3/4", 75.0),
    (r"two[ -]thirds|dos tercios|2/3", 66.67),
    (r"one[ -]half|half|la mitad|mitad|1/2|50-50", 50.0),
    (r"(?:a|one)[ -]third|un tercio|1/3|tercera parte", 33.33),
    (r"(?:an?|one)[ -](?:quarter|fourth)(?= of| de)|quarter of|un cuarto|1/4|cuarta parte", 25.0),
)
_HYPHEN = re.compile(r"(?<=\d) ?[-–] ?(?=\$?\d)")
_YEAR = re.compile(r"(?:in|en|since|desde|back in|year|of|del?|ano|from) (?:19[89]|20[0-3])\d(?!\d)")
_BETWEEN = re.compile(r"^\s*(?:dollars |bucks )?(?:-|–|to|and|n|&|or|y|a|o)\s*\$?\s*$")
_BOTH = re.compile(r"(?<![a-z])(?:between|tween|b/w|btw|entre)[^.]{0,14}$")
#: words of an answer that is a figure and nothing else
_BARE_ANSWER = 2
_THOUSAND = 1000
_CORRECTED = re.compile(r"(?:not|instead of|rather than|no(?=,? )|en vez de|en lugar de|isnt|wasnt)\s*\$?\s*$")


def read(low: str, *, planning: bool, answering: bool, declining: bool, percent_of: str) -> dict[str, Any]:
    """`amount`, `amount_min`, `amount_max`, `down_payment`, `percent` of a folded text whose days and counts are blanked.

    `answering`: an answer to a question of the plan, which tells no story. `declining`: nothing but a refusal is said, so a figure has to be put forward in so many words.
    """
    found: dict[str, Any] = {}
    share = _share(percent_of)
    if share is not None:
        found["percent"] = share
    low = _PERCENT.sub(lambda m: " " * len(m[0]), low)
    low = _HYPHEN.sub(" to ", _YEAR.sub(lambda m: " " * len(m[0]), low))
    figures = _uncorrected([n for n in numbers(low) if _counts(n, low)], low)
    if answering and not figures and planning and len(low.split()) <= _BARE_ANSWER:
        # "2015" for "how much?" is no year
        figures = [n for n in numbers(low) if n.value >= _THOUSAND]
    if planning and not answering:
        figures = [n for n in figures if not offers.told(n, low)]
    for low_end, high_end in _ranges(figures, low):
        found.update(amount_min=min(low_end.value, high_end.value), amount_max=max(low_end.value, high_end.value))
        figures = [n for n in figures if n not in (low_end, high_end)]
    rest: list[Number] = []
    first = roles.first_payment(figures, low) if planning else None
    for figure in figures:
        role = "down_payment" if figure is first else roles.role(figure, low, planning and len(figures) > 1)
        if role == "amount":
            rest.append(figure)
        else:
            found.setdefault(role, figure.value)
    if declining:
        rest = [n for n in rest if offers.offered(n, low)]
    return _settled(found, rest, low, planning)


def _settled(found: dict[str, Any], rest: list[Number], low: str, planning: bool) -> dict[str, Any]:
    """A bound and an amount beside it: the amount when it keeps the bound."""
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
        return float(match[1]) if match[1] else spoken.value(match["w"])
    return next((v for p, v in _SHARES if re.search(rf"(?<![a-z\d/])(?:{p})(?![a-z\d/])", low)), None)


def _counts(number: Number, low: str) -> bool:
    return (
        0 < number.value < 10_000_000 and offers.weight(number, low) > offers.NOISE and not offers.refused(number, low)
    )


def _uncorrected(figures: list[Number], low: str) -> list[Number]:
    """ "70, not 55": the figure after "not" is the one taken back."""
    if len(figures) < 2:
        return figures
    kept = [n for n in figures if not _CORRECTED.search(low[max(0, n.start - 16) : n.start])]
    return kept or figures


def _ranges(figures: list[Number], low: str) -> list[tuple[Number, Number]]:
    for a, b in pairwise(figures):
        gap = low[a.end : b.start]
        others = [offers.weight(n, low) for n in figures if n is not a and n is not b]
        if not _BETWEEN.match(gap) or max(others, default=-9) > max(offers.weight(a, low), offers.weight(b, low)):
            continue
        joined = re.search(r"\b(?:and|y|n)\b|&", gap)
        if _BOTH.search(low[: a.start]) if joined else True:
            return [(a, b)]
    return []


def _main(figures: list[Number], low: str) -> Number:
    """The figure offered, not one of the story told around it; the first of equals."""
    return max(figures, key=lambda n: offers.weight(n, low))
