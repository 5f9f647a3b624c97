"""When and where someone may be contacted: hours, days, places, wanted or not."""

from __future__ import annotations

import re

from dialogs.understand.slots import clock

_WORD = "|".join(clock.HOURS)
_MER = r"(?:a\.?m\.?|p\.?m\.?|de la manana|de la tarde|de la noche|in the morning|in the evening|in the afternoon|at night|o'?clock)"
_TIME = rf"(?:noon|midday|mediodia|medio dia|midnight|medianoche|(?:la |las )?(?:\d{{1,2}}(?::\d{{2}})?|{_WORD}) ?(?:{_MER})?)"
_BETWEEN = re.compile(
    rf"(?:(?:between|from|entre|desde|de)? ?(?P<a>{_TIME}))\s*(?:-|–|to|and|n|&|til|till|until|thru|through|y|a|hasta|and (?:go|goes|runs?|lasts?) (?:til|till|until|to))\s*(?:las? )?(?P<b>{_TIME})(?![\w/%$])"
)
_AFTER = re.compile(
    rf"(?:after|past|from|despues? de|a partir de|desde|pasadas|later than|once its|starting at) (?:like |about |around )?(?P<a>{_TIME})(?! ?(?:days|weeks|months|dias|meses|%|dollars))(?![\w/])"
)
_BEFORE = re.compile(
    rf"(?:before|until|till|til|earlier than|prior to|by|antes de|hasta|mas temprano que) (?:like |about |around )?(?P<b>{_TIME})(?! ?(?:days|weeks|months|dias|meses|%))(?![\w/])"
)
_PARTS: tuple[tuple[str, str], ...] = (
    (r"(?:in the |early )?mornings?(?! off)|(?:en|por|de) las? mananas?|tempranito", "-12:00"),
    (r"(?:in the )?afternoons?|(?:en|por) las? tardes?", "12:00-18:00"),
    (r"(?:in the )?evenings?", "18:00-"),
    (r"at night|nights|(?:en|por|de) las? noches?|de noche", "21:00-"),
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EN_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_DAY_RANGE = re.compile(rf"(?<![a-z])(?P<a>{_EN_DAY})\s?(?:-|–|to|thru|through|till)\s?(?P<b>{_EN_DAY})(?![a-z])")
_DAY_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        r"weekdays?|entre semana|dias de semana|monday (?:through|thru|to|-) friday|mon ?(?:-|to|thru) ?fri|lunes a viernes|dias laborales|week days",
        _DAYS[:5],
    ),
    (r"weekends?|week ends?|fines? de semana|saturdays? (?:and|or|&) sundays?|sabados? [yo] domingos?", _DAYS[5:]),
    (r"mondays?|mon|lunes", ("mon",)),
    (r"tuesdays?|tues?|martes", ("tue",)),
    (r"wednesdays?|weds?|miercoles", ("wed",)),
    (r"thursdays?|thurs?|thur|jueves", ("thu",)),
    (r"fridays?|fri|viernes", ("fri",)),
    (r"saturdays?|sat|sabados?", ("sat",)),
    (r"sundays?|sun|domingos?|(?:the )?sabbath|lords day|dia del senor", ("sun",)),
)
_SITES = "work|job|jobsite|job site|office|warehouse|plant|factory|mill|shop|store|salon|barbershop|restaurant|kitchen|(?:building )?site|rig|ward|unit|field|feeld|floor|shop floor|chicken plant|call center|dock|yard|roof|bus|station|motor pool|post|secure building|trabajo|obra|fil|taller|fabrica|bodega|tienda|cocina|pincha|chamba|jale|oficina|restaurante"
_AT_WORK = re.compile(
    rf"(?<![a-z])(?:at|in|on|to|from|inside|al|en) (?:the |my |a |an |mi |el |la |las |los )?(?:(?!sober|probation|school|street)[a-z]+ )?(?:{_SITES})(?![a-z])|(?<![a-z])(?:closing|night|day|on) (?:shift|duty|nights)|site rules|foreman|forman|estoy trabajando|(?<![a-z])(?:clippers|nail gun|i do nails|driving the|rush(?! hour)|80 ft|12s)(?![a-z])"
)
_PLACES: tuple[tuple[str, str], ...] = (
    ("work", r"(?:lugar|place) de (?:trabajo|empleo)|(?:at|my|al|el|mi|en el|to|the) (?:work|job|office|workplace|place of (?:work|employment)|employer|trabajo|oficina|chamba|jale|empleo)|work (?:email|phone|number|cell|line|address)|on (?:shift|the clock|the job)|en (?:mi|el) turno|on my shift|boss|jefe|patron|mi trabajo|employers?|en horas? de trabajo|(?:del|de mi) trabajo|during work|work hours|workplace|en la oficina|coworkers?"),
    ("hospital", r"hospital|(?:at|in) (?:the )?(?:er|icu|clinic|dialysis)|dialysis|en la clinica|chemo"),
    ("school", r"(?:at|in|my|al|the|during|a la|en la|en el) (?:school|class|college|campus|[a-z]+ elementary|escuela|clase|universidad|salon de clases|primaria)|doy clases|teachers|class(?:es)? |school"),
    ("other", r"(?:at|in|en) (?:my |the |la |mi |a )?(?:church|gym|iglesia|shelter|sober house|probation office|halfway house|misa|moms?|parents?|funeral|court|daycare|temple|mosque|rehab|neighbors?)"),
    ("home", r"(?:at|my|en|a mi|to my|mi|to the|the) (?:home|house|casa|apartment|hogar)|at home"),
)  # fmt: skip


def window(low: str, *, parts: bool = True) -> str | None:
    """`HH:MM-HH:MM`, open at one end where the text is; `parts`: a part of the day ("mornings") counts as well."""
    low = re.sub(r"\bsix\s?ish|(?<=\d)\s?ish\b", "", low)
    for match in _BETWEEN.finditer(low):
        if re.search(r"\d ?[-–] ?\d{3,}", match[0]):
            continue
        a, b = clock.at(match["a"]), clock.at(match["b"])
        if re.search(r"a\.?m|p\.?m", match["b"]) and not re.search(r"a\.?m|p\.?m|noon", match["a"]):
            a = clock.at(match["a"] + (" pm" if "p" in match["b"] and _hour(match["a"]) < _hour(match["b"]) else " am"))
        if a and b:
            return _ordered(match, a, b, low)
    after, before = _AFTER.search(low), _BEFORE.search(low)
    if after and before and clock.at(after["a"]) and clock.at(before["b"]):
        # "not before 9 or after 5" is two walls; the caller decides what lies between
        return f"{clock.at(after['a'])}-{clock.at(before['b'])}"
    if after and (start := clock.at(after["a"])):
        return f"{start}-"
    if before and (end := clock.at(before["b"])):
        return f"-{end}"
    if not parts:
        return None
    return next((value for pattern, value in _PARTS if re.search(rf"(?<![a-z])(?:{pattern})(?![a-z])", low)), None)


def _ordered(match: re.Match[str], a: str, b: str, low: str) -> str:
    """ "7 to 430" begins in the morning, "7 to 830 every night" ends in the evening, "ten to twelve am" at noon."""
    marked = re.search(r"[ap]\.?m|noon|(?<!\d)0\d", match["a"])
    if (
        re.search(r"(?:every|at) night|evening", low)
        and a >= "13"
        and b < "12"
        and not re.search(r"[ap]\.?m", match["b"])
    ):
        b = f"{int(b[:2]) + 12:02d}{b[2:]}"
    elif a >= b and not marked and a >= "13" and b >= "01" and not re.search(r"a\.?m", match["b"]):
        a = f"{int(a[:2]) - 12:02d}{a[2:]}"
    if b == "00:00" and a < "12" and "midnight" not in match["b"]:
        b = "12:00"
    return f"{a}-{b}"


def _hour(text: str) -> int:
    match = re.search(rf"(\d{{1,2}})|({_WORD})", text)
    return (int(match[1]) if match[1] else clock.HOURS[match[2]]) % 12 if match else 0


def days(low: str) -> str | None:
    """`mon,tue,...` in week order."""
    found: set[str] = set()
    for match in _DAY_RANGE.finditer(low):
        first, last = (_DAYS.index(match[name][:3]) for name in ("a", "b"))
        found.update(_DAYS[first : last + 1])
    for pattern, names in _DAY_WORDS:
        low, hits = re.subn(rf"(?<![a-z])(?:{pattern})(?![a-z])", " ", low)
        if hits:
            found.update(names)
    return ",".join(d for d in _DAYS if d in found) or None


def place(low: str) -> str | None:
    return next((code for code, pattern in _PLACES if re.search(rf"(?<![a-z])(?:{pattern})(?![a-z])", low)), None)


def at_work(low: str) -> bool:
    """A place of work is named as where the writer is or is called."""
    return bool(_AT_WORK.search(low))
