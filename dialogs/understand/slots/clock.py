"""Hours in one spelling: 7p, 0530, 430, four thirty, nine at night; and the hour that "before that" points back to."""

from __future__ import annotations

import re

_ENGLISH = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12,
}  # fmt: skip
_SPANISH = "una dos tres cuatro cinco seis siete ocho nueve diez once doce".split()
#: hours in words
HOURS = _ENGLISH | {word: hour for hour, word in enumerate(_SPANISH, 1)}
_WORD = "|".join(_ENGLISH)
_HALVES = {"thirty": 30, "fifteen": 15, "forty five": 45, "forty-five": 45, "y media": 30, "y cuarto": 15}
_SPOKEN = re.compile(rf"(?<![a-z0-9])(?P<h>{_WORD}|\d{{1,2}}) (?P<m>{'|'.join(_HALVES)})(?![a-z])")
_RUN_ON = re.compile(
    r"(?<![\d$.:,#/-])(?P<h>[01]?\d|2[0-3])(?P<m>[0-5][05])(?= ?(?:[ap]\.?m?\b|-|to|til|till|until|thru|hours|hrs|a\b|hasta|y|and|every|only|$|[.,;!?\n]|then|im|phones?|so|i|in))"
)
_SHORT = re.compile(r"(?<=\d)\s?(?P<m>[ap])(?![a-z.])(?! la| \d)")
_PART = re.compile(
    rf"(?P<t>(?:(?<!\d)\d{{1,2}}(?::\d\d)?|(?<![a-z])(?:{_WORD}|{'|'.join(_SPANISH)}))) (?:de la |en la |por la |in the |in |at |of the )?(?P<p>morning|afternoon|evening|night|manana|tarde|noche)(?![a-z])"
)
_HOUR = rf"(?:noon|midday|mediodia|(?:las? )?(?:\d{{1,2}}(?::\d\d)?|{_WORD}|{'|'.join(_SPANISH)})(?! ?(?:ft|days|kids|people|years|hours|minutes))(?: ?(?:am|pm|a\.m|p\.m))?)(?![\w/])"
_POINT = re.compile(
    rf"(?<![a-z])(?:at|by|till?|until|hasta|after|past|a|before|alrededor de) (?:like |about |around )?(?P<t>{_HOUR})"
)
#: the stretch before or after an hour named elsewhere
_BEFORE_IT = re.compile(
    r"(?<![a-z])(?:before (?:that|then)|antes de (?:eso|esa hora)|not before(?=\W|$)|until then|hasta entonces|earlier than that)"
)
_AFTER_IT = re.compile(
    r"(?<![a-z])(?:after (?:that|then)|nothing after(?=\W*$)|past that|later than that|despues de es[ao](?: hora)?|de ahi en adelante|from then on)"
)
_HELD = re.compile(
    rf"(?<![a-z])(?:nothin[g']?|nada|dont|do not|never|no|not|wait|sleep\w*|asleep|dead to the world|please wait|kindly wait|hold off)(?: [a-z]+){{0,6}} (?:till?|until|hasta)(?: after| past| las?)? (?P<t>{_HOUR})"
)
_BED = re.compile(rf"(?<![a-z])(?:in bed by|(?:go|goes|going) to bed at|asleep by|duermen a|asleep at) (?P<t>{_HOUR})")


def spelled(low: str) -> str:
    """`four thirty` -> `4:30`, `7p` -> `7pm`, `nine at night` -> `nine pm`, `1230` -> `12:30`."""
    low = _SPOKEN.sub(lambda m: f"{_ENGLISH.get(m['h'], m['h'])}:{_HALVES[m['m']]}", low)
    low = _RUN_ON.sub(lambda m: f"{m['h']}:{m['m']}", low)
    low = _SHORT.sub(lambda m: f"{m['m']}m", low)
    return _PART.sub(lambda m: f"{m['t']} {'am' if m['p'] in {'morning', 'manana'} else 'pm'}", low)


def edge(low: str) -> str | None:
    """The open stretch kept free around one hour: "i wake up at 11. before that dont" -> `-11:00`."""
    held, bed = _HELD.search(low), _BED.search(low)
    before, after = _BEFORE_IT.search(low), _AFTER_IT.search(low)
    point = _POINT.search(low)
    named, evening, from_then = None, False, False
    if before and point:
        named = point
    elif after and (bed or point):
        named, evening, from_then = bed or point, bool(bed), True
    elif bed:
        named, evening, from_then = bed, True, True
    elif held and not re.search(rf"(?:from|between|de|\d(?:am|pm)?) ?$|{_HOUR} (?:till?|until) {_HOUR}", held[0]):
        named = held
    hour = at(named["t"], evening=evening) if named else None
    return hour and (f"{hour}-" if from_then else f"-{hour}")


def at(text: str, *, evening: bool = False) -> str | None:
    """`HH:MM` of an hour: bare 1-7 are pm, 8-11 am unless it is the `evening`, 12 noon; None where it is no hour."""
    text = text.strip()
    if re.search(r"noon|midday|mediodia|medio dia", text):
        return "12:00"
    if re.search(r"midnight|medianoche", text):
        return "00:00"
    match = re.search(rf"(\d{{1,2}})(?::(\d{{2}}))?|({'|'.join(HOURS)})", text)
    if not match:
        return None
    hour = int(match[1]) if match[1] else HOURS[match[3]]
    minute = int(match[2] or 0)
    if hour > 24 or minute > 59:
        return None
    mark = text[match.end() :]
    if re.search(r"p\.?m|tarde|noche|evening|afternoon|night", mark):
        hour += 12 if hour < 12 else 0
    elif re.search(r"a\.?m|manana|morning", mark):
        hour = 0 if hour == 12 else hour
    elif (1 <= hour <= 7 and not (match[1] or "").startswith("0")) or (evening and hour < 12):
        hour += 12
    return f"{hour % 24:02d}:{minute:02d}"
