"""Hours in one spelling: 7p, 0530, 430, four thirty, nine at night; and the hour that "before that" points back to."""

from __future__ import annotations

import re

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12,
}  # fmt: skip
_WORD = "|".join(_WORDS)
_HALVES = {"thirty": 30, "fifteen": 15, "forty five": 45, "forty-five": 45, "y media": 30, "y cuarto": 15}
_SPOKEN = re.compile(rf"(?<![a-z0-9])(?P<h>{_WORD}|\d{{1,2}}) (?P<m>{'|'.join(_HALVES)})(?![a-z])")
_RUN_ON = re.compile(
    r"(?<![\d$.:,#/-])(?P<h>[01]?\d|2[0-3])(?P<m>[0-5][05])(?= ?(?:[ap]\.?m?\b|-|to|til|till|until|thru|hours|hrs|a\b|hasta|y|and|every|only|$|[.,;!?\n]|then|im|phones?|so|i|in))"
)
_SHORT = re.compile(r"(?<=\d)\s?(?P<m>[ap])(?![a-z.])(?! la| \d)")
_PART = re.compile(
    rf"(?P<t>(?:(?<!\d)\d{{1,2}}(?::\d\d)?|(?<![a-z])(?:{_WORD}|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce))) (?:de la |en la |por la |in the |in |at |of the )?(?P<p>morning|afternoon|evening|night|manana|tarde|noche)(?![a-z])"
)
_HOUR = rf"(?:noon|midday|mediodia|(?:las? )?(?:\d{{1,2}}(?::\d\d)?|{_WORD}|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce)(?! ?(?:ft|days|kids|people|years|hours|minutes))(?: ?(?:am|pm|a\.m|p\.m))?)(?![\w/])"
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
    low = _SPOKEN.sub(lambda m: f"{_WORDS.get(m['h'], m['h'])}:{_HALVES[m['m']]}", low)
    low = _RUN_ON.sub(lambda m: f"{m['h']}:{m['m']}", low)
    low = _SHORT.sub(lambda m: f"{m['m']}m", low)
    return _PART.sub(lambda m: f"{m['t']} {'am' if m['p'] in {'morning', 'manana'} else 'pm'}", low)


def edge(low: str) -> str | None:
    """The open stretch kept free around one hour: "i wake up at 11. before that dont" -> `-11:00`."""
    held, bed = _HELD.search(low), _BED.search(low)
    before, after = _BEFORE_IT.search(low), _AFTER_IT.search(low)
    point = _POINT.search(low)
    if before and point:
        return f"-{at(point['t'], sleeping='sleep' in low)}"
    if after and (bed or point):
        match = bed or point
        return f"{at(match['t'], evening=bool(bed))}-" if match else None
    if bed:
        return f"{at(bed['t'], evening=True)}-"
    if held and not re.search(rf"(?:from|between|de|\d(?:am|pm)?) ?$|{_HOUR} (?:till?|until) {_HOUR}", held[0]):
        return f"-{at(held['t'])}"
    return None


def at(text: str, *, evening: bool = False, sleeping: bool = False) -> str:
    """`HH:MM` of an hour: bare 1-7 are pm, 8-11 am unless it is the evening, 12 noon."""
    if re.search(r"noon|midday|mediodia", text):
        return "12:00"
    figures = re.search(r"(\d{1,2})(?::(\d\d))?", text)
    spanish = "una dos tres cuatro cinco seis siete ocho nueve diez once doce".split()
    word = re.search(r"[a-z]+$", re.sub(r" ?[ap]\.?m.*", "", text).strip())
    if figures:
        hour, minute = int(figures[1]), int(figures[2] or 0)
    else:
        said = word[0] if word else ""
        hour, minute = _WORDS.get(said, spanish.index(said) + 1 if said in spanish else 12), 0
    if re.search(r"p\.?m", text):
        hour += 12 if hour < 12 else 0
    elif re.search(r"a\.?m", text):
        hour %= 12
    elif 1 <= hour <= 7 or (evening and hour < 12):
        hour += 12
    return f"{hour % 24:02d}:{minute:02d}"
