"""Whether a message is a value and nothing else: figures, days, rhythms and identity answers taken off, only fillers are left."""

from __future__ import annotations

import re
from datetime import date

from dialogs.understand.slots import dates, rhythm, slips
from dialogs.understand.slots.numbers import numbers

#: a longer message says more than a value
_LONGEST = 12
#: only that something is a day matters here, not which
_ANY_DAY = date(2026, 3, 11)
#: said around a value without adding to it
_FILLERS = frozenset(
    [
        *"a about actually and around at be but by could do each every for from have i i'd id ill im in is it its just k like".split(),
        *"make maybe me mine my no not of off ok okay on one or out please pls probably say so sorry starting start sure".split(),
        *"that thats the then there this to uh um we will with would yes yeah yep us usd max most least up down min minimum".split(),
        *"instead rather between dollars dollar bucks bill cash month week day next coming first second last only can once also".split(),
        *"zip code zipcode dob birth birthday born date last four ssn social digits number ending account name".split(),
        *"al algo como con cada creo de del dia dias digamos el en entre era eran es eso esta este hasta la las lo los mas mi mis".split(),
        *"mejor no o para pero perdon por favor pongale porfa primero pues que seria si son todo u un una unos unas y ya yo".split(),
        *"codigo postal fecha nacimiento naci cumpleanos nacido nacida cuenta termina pagos abonos cuotas payments installments".split(),
        *"quincena semana mes proximo proxima dolares pesos dlls maximo minimo whenever get paid better works payday paycheck check".split(),
        *"empezando empezar empiece empiezo comenzando comenzar comience arrancando partir desde begin beginning".split(),
        *"friday monday tuesday wednesday thursday saturday sunday n x".split(),
    ]
)
#: identity answers: long digits, a year, the last four
_DIGITS = re.compile(r"[\d$][\d$.,/:-]*(?:st|nd|rd|th|k|s)?")
_ASKS_OR_TELLS = re.compile(
    r"(?:^|\. )(?:can|could|do|does|is|are|what|when|why|how|who|will you|puedo|puede|cuando|cuanto|que) |\bi (?:can|could|will|would|have|get)\b|\b(?:paid|pay(?:ing|ment)?|sent|pag\w+|mand\w+)\b"
)
_FORM = frozenset({"plan_amount", "plan_frequency", "plan_start", "identity"})


def is_value(flat: str, expecting: str | None) -> bool:
    """`flat`: flattened text. Out of the blue "55 a month" proposes a plan, so there it is no bare value."""
    words = flat.split()
    if not words or len(words) > _LONGEST:
        return False
    rest, found = _without_values(slips.respelled(flat))
    if not found or set(re.findall(r"[a-z']+", rest)) - _FILLERS:
        return False
    if expecting in _FORM or expecting == "confirm":
        return True
    return not _ASKS_OR_TELLS.search(flat) and not proposes(flat)


def holds_value(flat: str) -> bool:
    """A value among at most a dozen words: an answer to a form's question, whatever stands around it."""
    return len(flat.split()) <= _LONGEST and _without_values(slips.respelled(flat))[1]


def proposes(flat: str) -> bool:
    """An amount with its rhythm or its number of payments: a plan, whoever says it."""
    often = rhythm.frequency(flat)
    if often is None and rhythm.count(flat, None) is None:
        return False
    spoken = flat[: often[1]] + " " + flat[often[2] :] if often else flat
    return bool(numbers(spoken)) and (often is not None or len(numbers(spoken)) > 1)


def _without_values(flat: str) -> tuple[str, bool]:
    rest = flat
    spans = [(day.start, day.end) for day in dates.days(flat, _ANY_DAY)]
    if often := rhythm.frequency(flat):
        spans.append((often[1], often[2]))
    if counted := rhythm.count(flat, None):
        spans.append((counted[2], counted[3]))
    spans += [(n.start, n.end) for n in numbers(flat)]
    for start, end in spans:
        rest = rest[:start] + " " * (end - start) + rest[end:]
    bare, digits = _DIGITS.subn(" ", rest)
    return bare, bool(spans or digits) or any(word in _BARE for word in flat.split())


_BARE = frozenset("week month quincena semana mes paycheck payday quarter twice weekly monthly".split())
