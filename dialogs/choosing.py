"""Which of several accounts is meant: by its place in the list we sent, its last figures, its balance or its creditor."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialogs.turn import Account
from dialogs.understand.slots.numbers import numbers

_PLACES: tuple[tuple[str, int], ...] = (
    (r"1|#1|one|uno|una|first|1st|primer[oa]?|1r[oa]|top", 0),
    (r"2|#2|two|dos|second|2nd|segund[oa]|2d[oa]", 1),
    (r"3|#3|three|tres|third|3rd|tercer[oa]?", 2),
    (r"4|#4|four|cuatro|fourth|4th|cuart[oa]", 3),
    (r"5|#5|five|cinco|fifth|5th|quint[oa]", 4),
    (r"6|#6|six|seis|sixth|6th|sext[oa]", 5),
)
_LAST = r"last|bottom|ultim[oa]"
#: said around a place in a list
_AROUND = r"(?:the|number|no\.?|option|opcion|account|cuenta|debt|deuda|one|el|la|de|numero|please|por favor|that|ese|esa|es|its|it is|for|para|on|my|mi|with|and|ok|yes|si)"
_SMALLEST = re.compile(
    r"(?<![a-z])(?:small(?:er|est)|low(?:er|est)|cheaper|less(?:er)?|least|mas (?:chic[oa]|baj[oa]|pequen[oa])|menor)(?![a-z])"
)
_LARGEST = re.compile(
    r"(?<![a-z])(?:bigg(?:er|est)|larg(?:er|est)|high(?:er|est)|most|mas (?:grande|alt[oa])|mayor)(?![a-z])"
)


def chosen(low: str, accounts: Sequence[Account]) -> Account | None:
    """`low`: the answer, folded. `accounts` in the order they were listed. None when none, or more than one, is meant."""
    figures = re.findall(r"\d{3,}", low)
    named = [a for a in accounts if any(a.ref.endswith(f) for f in figures)]
    if len(named) != 1:
        among = named or accounts
        named = _by_place(low, accounts) or _by_balance(low, among) or _by_name(low, among) or named
    return named[0] if len(named) == 1 else None


def _by_place(low: str, accounts: Sequence[Account]) -> list[Account]:
    words = re.sub(r"[^\w#]+", " ", low).strip()
    for pattern, place in (*_PLACES, (_LAST, len(accounts) - 1)):
        if place < len(accounts) and re.fullmatch(rf"(?:{_AROUND} )*(?:{pattern})(?: {_AROUND})*", words):
            return [accounts[place]]
    return []


def _by_balance(low: str, accounts: Sequence[Account]) -> list[Account]:
    said = {round(n.value * 100) for n in numbers(low)}
    named = [a for a in accounts if a.balance_cents in said or a.balance_cents // 100 * 100 in said]
    if not named and len({a.balance_cents for a in accounts}) > 1:
        ordered = sorted(accounts, key=lambda a: a.balance_cents)
        named = ordered[:1] if _SMALLEST.search(low) else ordered[-1:] if _LARGEST.search(low) else []
    return named


def _by_name(low: str, accounts: Sequence[Account]) -> list[Account]:
    return [a for a in accounts if any(word in low for word in a.creditor.lower().split() if len(word) > 3)]
