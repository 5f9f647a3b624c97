"""When and where someone may be contacted: hours, days, places, wanted or not."""

from __future__ import annotations

import re

_NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
    "once": 11, "doce": 12,
}  # fmt: skip
_WORD = "|".join(_NUMBER_WORDS)
_MER = r"(?:a\.?m\.?|p\.?m\.?|de la manana|de la tarde|de la noche|in the morning|in the evening|in the afternoon|at night|o'?clock)"
_TIME = rf"(?:noon|midday|mediodia|medio dia|midnight|medianoche|(?:la |las )?(?:\d{{1,2}}(?::\d{{2}})?|{_WORD}) ?(?:{_MER})?)"
_BETWEEN = re.compile(
    rf"(?:(?:between|from|entre|desde|de)? ?(?P<a>{_TIME}))\s*(?:-|–|to|and|til|till|until|thru|through|y|a|hasta)\s*(?P<b>{_TIME})(?![\w/%$])"
)
_AFTER = re.compile(
    rf"(?:after|past|from|despues de|a partir de|desde|pasadas|later than|once its|starting at) (?:like |about |around )?(?P<a>{_TIME})(?! ?(?:days|weeks|months|dias|meses|%|dollars))(?![\w/])"
)
_BEFORE = re.compile(
    rf"(?:before|until|till|til|earlier than|prior to|by|antes de|hasta|mas temprano que) (?:like |about |around )?(?P<b>{_TIME})(?! ?(?:days|weeks|months|dias|meses|%))(?![\w/])"
)
_AT = re.compile(rf"(?:at|a) (?P<a>{_TIME})(?![\w/])")
_PARTS: tuple[tuple[str, str], ...] = (
    (r"(?:in the |early )?mornings?(?! off)|(?:en|por|de) las? mananas?|tempranito", "-12:00"),
    (r"(?:in the )?afternoons?|(?:en|por) las? tardes?", "12:00-18:00"),
    (r"(?:in the )?evenings?", "18:00-"),
    (r"at night|nights|(?:en|por|de) las? noches?|de noche", "21:00-"),
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        r"weekdays?|entre semana|dias de semana|monday (?:through|thru|to|-) friday|mon ?(?:-|to|thru) ?fri|lunes a viernes|dias laborales|week days",
        _DAYS[:5],
    ),
    (r"weekends?|week ends?|fines? de semana|saturdays? (?:and|or|&) sundays?|sabados? [yo] domingos?", _DAYS[5:]),
    (r"mondays?|lunes", ("mon",)),
    (r"tuesdays?|martes", ("tue",)),
    (r"wednesdays?|miercoles", ("wed",)),
    (r"thursdays?|jueves", ("thu",)),
    (r"fridays?|viernes", ("fri",)),
    (r"saturdays?|sabados?", ("sat",)),
    (r"sundays?|domingos?|(?:the )?sabbath", ("sun",)),
)
_PLACES: tuple[tuple[str, str], ...] = (
    ("work", r"(?:lugar|place) de (?:trabajo|empleo)|(?:at|my|al|el|mi|en el|to|the) (?:work|job|office|workplace|place of (?:work|employment)|employer|trabajo|oficina|chamba|jale|empleo)|work (?:email|phone|number|cell|line|address)|on (?:shift|the clock|the job)|en (?:mi|el) turno|on my shift|boss|jefe|patron|mi trabajo|employers?|en horas? de trabajo|(?:del|de mi) trabajo|during work|work hours|workplace|en la oficina|coworkers?"),
    ("hospital", r"hospital|(?:at|in) (?:the )?(?:er|icu|clinic)|dialysis|en la clinica|chemo"),
    ("school", r"(?:at|in|my|al|the|a la|en la) (?:school|class|college|campus|escuela|clase|universidad)|class(?:es)? |school"),
    ("other", r"(?:at|in|en) (?:my |the |la |mi |a )?(?:church|gym|iglesia|shelter|misa|moms?|parents?|funeral|court|daycare|temple|mosque|rehab|neighbors?)"),
    ("home", r"(?:at|my|en|a mi|to my|mi|to the|the) (?:home|house|casa|apartment|hogar)|at home"),
)  # fmt: skip


def _clock(text: str, partner: str = "") -> str | None:
    """Bare hours 1-7 are pm, 8-11 am, 12 noon."""
    text = text.strip()
    if re.search(r"noon|midday|mediodia|medio dia", text):
        return "12:00"
    if re.search(r"midnight|medianoche", text):
        return "00:00"
    match = re.search(rf"(\d{{1,2}})(?::(\d{{2}}))?|({_WORD})", text)
    if not match:
        return None
    hour = int(match[1]) if match[1] else _NUMBER_WORDS[match[3]]
    minute = int(match[2] or 0)
    if hour > 24 or minute > 59:
        return None
    mark = text[match.end() :] or partner
    if re.search(r"p\.?m|tarde|noche|evening|afternoon|night", mark):
        hour += 12 if hour < 12 else 0
    elif re.search(r"a\.?m|manana|morning", mark):
        hour = 0 if hour == 12 else hour
    elif 1 <= hour <= 7:
        hour += 12
    return f"{hour % 24:02d}:{minute:02d}"


def window(low: str) -> str | None:
    """`HH:MM-HH:MM`, open at one end where the text is."""
    low = re.sub(r"\bsix\s?ish|(?<=\d)\s?ish\b", "", low)
    for match in _BETWEEN.finditer(low):
        if re.search(r"\d ?[-–] ?\d{3,}", match[0]):
            continue
        a, b = _clock(match["a"], ""), _clock(match["b"])
        if re.search(r"a\.?m|p\.?m", match["b"]) and not re.search(r"a\.?m|p\.?m|noon", match["a"]):
            a = _clock(match["a"] + (" pm" if "p" in match["b"] and _hour(match["a"]) < _hour(match["b"]) else " am"))
        if a and b:
            return f"{a}-{b}"
    after, before = _AFTER.search(low), _BEFORE.search(low)
    if after and before and _clock(after["a"]) and _clock(before["b"]):
        # "not before 9 or after 5" is two walls; the caller decides what lies between
        return f"{_clock(after['a'])}-{_clock(before['b'])}"
    if after and (start := _clock(after["a"])):
        return f"{start}-"
    if before and (end := _clock(before["b"])):
        return f"-{end}"
    return next((value for pattern, value in _PARTS if re.search(rf"(?<![a-z])(?:{pattern})(?![a-z])", low)), None)


def _hour(text: str) -> int:
    match = re.search(rf"(\d{{1,2}})|({_WORD})", text)
    return (int(match[1]) if match[1] else _NUMBER_WORDS[match[2]]) % 12 if match else 0


def days(low: str) -> str | None:
    """`mon,tue,...` in week order."""
    found: set[str] = set()
    for pattern, names in _DAY_WORDS:
        low, hits = re.subn(rf"(?<![a-z])(?:{pattern})(?![a-z])", " ", low)
        if hits:
            found.update(names)
    return ",".join(d for d in _DAYS if d in found) or None


def place(low: str) -> str | None:
    return next((code for code, pattern in _PLACES if re.search(rf"(?<![a-z])(?:{pattern})(?![a-z])", low)), None)


_UNWANTED = re.compile(
    r"(?<![a-z])(?:dont|do not|never|not|no|stop|quit|cant|cannot|cease|avoid|without|refrain|nothing|none|sleep|asleep|busy|working|work|bad|wont|nunca|nada|ni|eviten|trabajo|duermo|ocupad[oa]|dejen|prohib\w+)(?![a-z])"
)
_WANTED = re.compile(
    r"(?<![a-z])(?:only|best|better|prefer|ok|okay|fine|works best|solo|solamente|unicamente|mejor|prefiero|after work|despues del trabajo)(?![a-z])"
)


def unwanted(clause: str) -> bool:
    """The hours or days of a clause are ones to stay away from."""
    said = re.search(r"(?<![a-z])(?:dont|do not|never|not|no|stop|nothing|nunca|nada)(?![a-z])", clause)
    return bool(_UNWANTED.search(clause)) and not (_WANTED.search(clause) and not said)
