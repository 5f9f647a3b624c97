"""The part a figure plays: instalment, first payment, upper or lower bound."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from dialogs.understand.slots.numbers import Number

_MAX_BEFORE = re.compile(
    r"(?<![a-z])(?:not (?:above|over|more than|higher than)|no (?:more|higher) than|nothing (?:above|over|more than)|at (?:the )?most|max(?:imum)?(?: of| is)?|(?<!bump it )(?<!bump that )up to|under|below|less than|no mas de|maximo(?: de)?|hasta|a lo mucho|cuando mucho|menos de|not a penny over|the most i can (?:do|pay|afford)(?: is)?|tops|cap(?: of| it at)?|lo mas que puedo (?:es|dar|pagar)?)\s*(?:like |about |unos )?$"
)
_MAX_AFTER = re.compile(
    r"^\s*(?:a month |monthly |per month |a week |al mes )?(?:max(?:imum)?|tops|at (?:the )?most|or less|maximo|a lo mucho|o menos|at the outside|and no more|ni un peso mas|is (?:my|the|as|about as|about the) (?:max|limit|most|ceiling|cap|top|high as))(?![a-z])"
)
_MIN_BEFORE = re.compile(
    r"(?<![a-z])(?:at (?:the )?least|min(?:imum)?(?: of| is| we'?d want is| id want is)?|no less than|not less than|more than|minimo(?: de)?|por lo menos|al menos|starting at|over|above|mas de)\s*(?:like |about |unos )?$"
)
_MIN_AFTER = re.compile(
    r"^\s*(?:a month |monthly |per month |a week |al mes )?(?:min(?:imum)?|at (?:the )?least|or more|or better|and up|minimo|o mas|para arriba|pa arriba|en adelante|por lo menos)(?![a-z])"
)
_DOWN_AFTER = re.compile(
    r"^\s*(?:dollars |bucks )?(?:down|(?:on (?:it|that|this) )?up ?front|to begin(?: with)?|as a start|as (?:the )?first (?:money|payment)|immediately|to start(?: with)?(?: and| then|,| plus)|first(?: and| then|,)|initially|now(?:,| and| then| plus| \+)|today(?:,| and| then| plus| \+)|right away(?:,| and| then)|de enganche|de entrada|de inicial|de down|de una vez y|inicial(?:es)?|ahora y|hoy y|ahorita y|de pie|al principio|para empezar y)(?! to \$?\d)"
)
_DOWN_BEFORE = re.compile(
    r"(?:down ?payment(?: of| is)?|put(?:ting)? down|(?:an? )?initial(?: payment)?(?: of)?|enganche(?: de)?|(?:una |la |cuota )?inicial de|pago inicial(?: de)?|anticipo(?: de)?|deposit(?: of)?|entrada de)\s*(?:like |about |unos )?$"
)
_FIRST_THEN = re.compile(
    r"(?:first (?:payment|one)(?: of| is| at)?|start(?:ing)?(?: off)? with|primer pago(?: de)?|empezar con|primero)\s*$"
)
_THEN = re.compile(r"(?<![a-z])(?:then|after that|afterwards|luego|despues)(?![a-z])")
#: "not go over", "cant do more than", "nothin above", "que no pase de": a lower bound denied is an upper one
_DENIED = re.compile(
    r"(?<![a-z])(?:not|no|dont|cant|cannot|wont|never|nothin[g']?|rather not|couldnt|nunca|nada)(?: [a-z']+){0,3} (?:above|over|more than|higher than|past|mas de|pase de|pasar de)\s*(?:like |about |unos )?\$?$"
)
_REST = re.compile(r"(?<![a-z])(?:rest|remainder|remaining|el resto|lo demas|lo que queda)(?![a-z])")
_RHYTHM = re.compile(
    r"\s*(?:dollars |bucks )?(?:a|per|each|every|/|al|por|cada|x|la|monthly|weekly|biweekly|twice|mensual\w*|semanal\w*|quincenal\w*)(?![a-z])"
)


def first_payment(figures: Sequence[Number], low: str) -> Number | None:
    """ "200 and then 75 a month", "400 now, the rest in ten": the figure before the turn has no rhythm, what follows has."""
    if len(figures) == 1:
        only = figures[0]
        before, after = low[max(0, only.start - 24) : only.start], low[only.end :]
        down = _DOWN_BEFORE.search(before) or (re.match(r"[^.]{0,40}", after) and _DOWN_AFTER.match(after))
        return only if down and _REST.search(after) else None
    for one, other in pairwise(figures):
        gap = low[one.end : other.start]
        turn = _THEN.search(gap) and len(gap) < 60
        if turn and one.value != other.value and not _RHYTHM.match(gap) and _RHYTHM.match(low[other.end :]):
            return one
    return None


def role(figure: Number, low: str, several: bool) -> str:
    """`amount`, `down_payment`, `amount_min` or `amount_max`; `several`: other figures of a plan stand beside it."""
    before, after = low[max(0, figure.start - 44) : figure.start], low[figure.end : figure.end + 40]
    if _DOWN_AFTER.match(after) or _DOWN_BEFORE.search(before):
        decisive = re.match(
            r"\s*(?:dollars |bucks )?(?:down|up ?front|de enganche|de entrada|de inicial|de down)", after
        ) or _DOWN_BEFORE.search(before)
        if several or decisive:
            return "down_payment"
    if several and _FIRST_THEN.search(before) and _THEN.search(after):
        return "down_payment"
    if _MAX_BEFORE.search(before) or _MAX_AFTER.match(after) or _DENIED.search(before):
        return "amount_max"
    if _MIN_BEFORE.search(before) or _MIN_AFTER.match(after):
        return "amount_min"
    return "amount"
