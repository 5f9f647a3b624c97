"""Slips of the finger in the words of the calendar: days, months, rhythms. A closed class, so one slip is enough to know it."""

from __future__ import annotations

import re
from functools import cache

from dialogs.understand.slots import spoken

_WORDS = (
    "monday tuesday wednesday thursday friday saturday sunday january february april august september october november december "
    "every other month months weeks weekly monthly biweekly paycheck payday first second tomorrow yesterday tonight "
    "lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril junio julio agosto septiembre octubre "
    "noviembre diciembre semana semanas semanal mensual quincena quincenal manana ultimo primero"
).split()
_KNOWN = frozenset(_WORDS)
#: words of their own a slip away from one of the calendar
_OWN = frozenset(
    "very ever never mother bother others moth mouth months mouths north worth weekly weakly meekly weeks weak geeks seeks reeks "
    "sundry mundane fist firs thirst friend fried parch march lunas lunes marte mares parte jueces viene vienes agosto gusto justo "
    "semanas semanales mensuales quincenas quincenales mondays tuesdays wednesdays thursdays fridays saturdays sundays sabados domingos "
    "paychecks paydays payback enteros enter entero mango mangos mario mayor hermana mariana seconds primer primera primeros ultima ultimos ultimas "
    "tomorrows something month's diaries firsts marzo martes manera mañana mensuel mensaje mensajes menial veery every either over order offer "
    "mente octubre once dominio julia julian junior junto juntos abrir abra abriu".split()
)
_EVER = re.compile(
    r"(?<![a-z])(?:ever|evry|evr|ev|evy|evey)(?= (?:other|single|\d|two|three|four|week|wk|month|mo|day|pay|check|friday|monday|thursday|tuesday|wednesday|saturday|sunday|quarter|fortnight))"
)
_WEEKS = re.compile(r"(?<=\d )(?:weks?|wekks?|weeeks?)(?![a-z])|(?<=(?:two) )weks?(?![a-z])")
_SOUNDS = ((re.compile(r"(?<![a-z])(los|dias?|el) quince(?= (?:y|de)(?![a-z])|$)"), r"\1 15"), (re.compile(r"(?<![a-z])savado(s?)(?![a-z])"), r"sabado\1"), (re.compile(r"(?<![a-z])cemana(s?)(?![a-z])"), r"semana\1"))  # fmt: skip
_MONTH = re.compile(r"(?<![a-z])m(?:no|on|nt|o)(?:th|ht|nt?h)(?![a-z])")
_THE = re.compile(r"(?<![a-z])(?:tha|teh)(?= \d{1,2}(?:st|nd|rd|th)?(?![\w/]))")
_NITE = re.compile(r"(?<![a-z])(?:last|to|tomorrow ) ?nite(?![a-z])")
_TOMORROWS = re.compile(r"(?<![a-z])tmrw'?s?(?![a-z])")


def respelled(low: str) -> str:
    """A folded text with the slips in its numbers and calendar words mended; the length of the text may change."""
    low = _EVER.sub("every", spoken.respelled(low))
    low = _TOMORROWS.sub("tomorrow", _NITE.sub(lambda m: m[0].replace("nite", "night"), low))
    low = _WEEKS.sub("weeks", _MONTH.sub("month", _THE.sub("the", low)))
    for pattern, to in _SOUNDS:
        low = pattern.sub(to, low)
    return re.sub(r"[a-z]{5,}", lambda m: _closest(m[0]), low)


@cache
def _closest(word: str) -> str:
    if word in _KNOWN or word in _OWN:
        return word
    return next((w for w in _WORDS if _slipped(word, w)), word)


def _slipped(word: str, meant: str) -> bool:
    """Two neighbours swapped, or one letter left out or doubled, behind the same first letter."""
    if word[0] != meant[0] or abs(len(word) - len(meant)) > 1:
        return False
    if len(word) == len(meant):
        apart = [i for i, (x, y) in enumerate(zip(word, meant, strict=True)) if x != y]
        return len(apart) == 2 and apart[1] == apart[0] + 1 and word[apart[0]] == meant[apart[1]] and word[apart[1]] == meant[apart[0]]  # fmt: skip
    longer, shorter = (word, meant) if len(word) > len(meant) else (meant, word)
    at = next((i for i, (x, y) in enumerate(zip(longer, shorter, strict=False)) if x != y), len(shorter))
    same = longer[at + 1 :] == shorter[at:]
    return same and (longer is meant or (at > 0 and longer[at] == longer[at - 1]))
