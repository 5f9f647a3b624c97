"""Days as people name them, by the conventions of the service: "Friday" is the first after today, "next Friday" of next week."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

from dialogs.understand.slots import almanac, feasts
from dialogs.understand.slots.numbers import COUNT_WORD, small_count
from dialogs.understand.slots.spoken import UNITS

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene", "february feb febrero", "march mar marzo", "april apr abril abr", "may mayo",
            "june jun junio", "july jul julio", "august aug agosto ago_", "september sept sep septiembre setiembre",
            "october oct octubre", "november nov noviembre", "december dec diciembre dic",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_DAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon lunes", "tuesday tues tue martes", "wednesday wed weds miercoles", "thursday thurs thur thu jueves",
            "friday fri viernes", "saturday sat sabado", "sunday sun domingo",
        )
    )
    for name in names.split()
}  # fmt: skip
_ORDINALS = {
    name: number
    for number, names in enumerate(
        (
            "first primero", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
            "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
            "twenty-first", "twenty-second", "twenty-third", "twenty-fourth", "twenty-fifth", "twenty-sixth", "twenty-seventh",
            "twenty-eighth", "twenty-ninth", "thirtieth", "thirty-first",
        ),
        1,
    )
    for names_one in names.split()
    for name in {names_one, names_one.replace("-", " ")}
} | {"primer dia": 1}  # fmt: skip
MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = (
    "|".join(sorted(_DAYS, key=len, reverse=True))
    + "(?<!wed)|wed(?! (?:want|like|be|pay|do|have|need|rather|prefer|love|go|all)(?![a-z]))"
)
NAMED = re.compile(rf"(?<![a-z])(?:{_DAY})s?(?![a-z])")
_ORD = "|".join(sorted(_ORDINALS, key=len, reverse=True))
#: days of a month said as numbers: "april five", "diez de abril"
_CARDINALS = {
    word: number for word, number in UNITS.items() if 1 <= number <= 30 and "_" not in word and word != "dozen"
}
_CARD = "|".join(sorted(_CARDINALS, key=len, reverse=True))
_N = rf"(?:{COUNT_WORD}|a couple(?: of)?|couple(?: of)?|an?|una?|otra)"
_B, _E = r"(?<![a-z0-9$.,/])", r"(?![a-z0-9])"


@dataclass(frozen=True, slots=True)
class Day:
    """A day found in a text, with where it stands."""

    date: date
    start: int
    end: int
    recurring: bool = False


_Make = Callable[[re.Match[str], date, bool], date | None]


def _month_day(m: re.Match[str], today: date, past: bool) -> date | None:
    named = _ORDINALS | _CARDINALS
    month, day = _MONTHS[m["m"]], int(m["d"]) if m["d"].isdigit() else named[m["d"]]
    return almanac.exact(almanac.full_year(m["y"]), month, day) if m["y"] else almanac.nearest(month, day, today, past)


def _slashed(m: re.Match[str], today: date, past: bool) -> date | None:
    month, day = int(m["m"]), int(m["d"])
    if month > 12 >= day:
        month, day = day, month
    return (
        almanac.exact(almanac.full_year(m["y"]), month, day)
        if m["y"]
        else (almanac.nearest(month, day, today, past) if month <= 12 else None)
    )


def _ahead(m: re.Match[str], today: date, past: bool) -> date | None:
    word = re.sub(r"^a couple(?: of)?$|^couple(?: of)?$", "couple", m["n"].strip())
    count = 1 if word == "otra" else small_count(word)
    if count is None or count > 400:
        return None
    unit = m["u"]
    if unit.startswith(("month", "mes")):
        return almanac.add_months(today, -count if m.groupdict().get("ago") or (past and "ago" in m[0]) else count)
    days = count * (7 if unit.startswith(("week", "sem")) else 1)
    return today - timedelta(days=days) if m.groupdict().get("ago") else today + timedelta(days=days)


def _named(m: re.Match[str], today: date, past: bool) -> date | None:
    number = _DAYS[m["w"]]
    if m.groupdict().get("last"):
        return almanac.weekday(number, today, past=True)
    if m.groupdict().get("next"):
        return almanac.monday_after(today) + timedelta(days=number)
    return almanac.weekday(number, today, past)


def _weekday_and_day(m: re.Match[str], today: date, past: bool) -> date | None:
    """ "monday the 30th": the day counts when it falls on that weekday, or is written as an ordinal."""
    said = m["d"]
    found = almanac.day_of_month(int(said) if said.isdigit() else _ORDINALS[said], today, past)
    plain = said.isdigit() and not re.search(r"(?:the|el|dia) \d|\d(?:st|nd|rd|th)", m[0])
    return found if found and (not plain or found.weekday() == _DAYS[m["w"]]) else None


_TABLE: tuple[tuple[str, _Make], ...] = (
    (r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", lambda m, t, p: almanac.exact(int(m["y"]), int(m["m"]), int(m["d"]))),
    (rf"(?P<m>{MONTH})\.? ?(?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,? ?(?:of )?(?P<y>(?:19|20)\d\d))?", _month_day),
    (rf"(?<! of )(?<! de )(?P<m>{MONTH})\.?(?:'?s)? (?:the )?(?P<d>{_ORD}|{_CARD})(?:,? (?P<y>(?:19|20)\d\d))?(?! (?:dollars|bucks|hundred|thousand|dolares))", _month_day),
    (rf"(?:first|1st) (?P<w>{_DAY}) (?:of|in) (?P<m>{MONTH})", lambda m, t, p: almanac.first_of(almanac.nearest(_MONTHS[m["m"]], 1, t, p), _DAYS[m["w"]])),
    (rf"last (?P<w>{_DAY}) (?:of|in) (?:(?P<m>{MONTH})|(?:this |the )month)", lambda m, t, p: almanac.last_of(almanac.month_end_of(_MONTHS[m["m"]] if m["m"] else t.month, t, p), _DAYS[m["w"]])),
    (rf"(?:the )?(?P<w>{_DAY}) (?:after (?:this(?: one)?|that(?: one)?|next)|week)(?! is)", lambda m, t, p: almanac.weekday(_DAYS[m["w"]], t) + timedelta(days=7)),
    (rf"(?P<n>2|two|3|three) (?P<w>{_DAY})s from (?:now|today)", lambda m, t, p: almanac.weekday(_DAYS[m["w"]], t) + timedelta(days=7 * ((small_count(m["n"]) or 1) - 1))),
    (rf"(?:on |el |the |este )?(?P<w>{_DAY}),? (?:the |el |dia )?(?P<d>\d{{1,2}}|{_ORD})(?:st|nd|rd|th)?(?! ?(?:\$|am|pm|%|dollars|bucks|:))", _weekday_and_day),
    (r"(?:(?:a|one) )?fortnight from (?:now|today)", lambda m, t, p: t + timedelta(days=14)),
    (r"the day after tomorrow", lambda m, t, p: t + timedelta(days=2)),
    (rf"(?P<feast>{feasts.NAMES})(?: (?P<y>(?:19|20)\d\d))?", lambda m, t, p: feasts.day(m["feast"], t, past=p, year=int(m["y"]) if m["y"] else None)),
    (rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)? ?(?:of|de|-)? ?(?P<m>{MONTH})\.?(?:,? ?(?:of )? ?(?:de |del )?(?P<y>(?:19|20)\d\d))?", _month_day),
    (rf"(?P<d>{_ORD}|{_CARD}) (?:of |de )?(?P<m>{MONTH})(?:,? (?:de |del )?(?P<y>(?:19|20)\d\d))?", _month_day),
    (r"(?P<m>\d{1,2})/(?P<d>\d{1,2})(?:/(?P<y>\d{4}|\d{2}))?", _slashed),
    (r"(?P<m>\d{1,2})-(?P<d>\d{1,2})-(?P<y>\d{4}|\d{2})", _slashed),
    (r"(?P<m>\d{1,2})\.(?P<d>\d{1,2})\.(?P<y>\d{4}|\d{2})", _slashed),
    (rf"(?:mid|middle of|mediados de)[ -]?(?P<m>{MONTH})", lambda m, t, p: almanac.nearest(_MONTHS[m["m"]], 15, t, p)),
    (rf"(?:the )?(?:very )?(?:end of|last day of|last of|fin(?:es)? de|finales de|ultimo(?: dia)? de) (?P<m>{MONTH})", lambda m, t, p: almanac.month_end_of(_MONTHS[m["m"]], t, p)),
    (rf"(?:beginning of|start of|principios? de|early) (?P<m>{MONTH})", lambda m, t, p: almanac.nearest(_MONTHS[m["m"]], 1, t, p)),
    (rf"(?P<n>{_N}) (?P<u>days?|weeks?|months?) (?:from (?:now|today|tonight)|out|hence)", _ahead),
    (r"(?:a |one )?week from tomorrow", lambda m, t, p: t + timedelta(days=8)),
    (r"(?:de hoy en|en) ocho(?: dias)?|de hoy en 8(?: dias)?", lambda m, t, p: t + timedelta(days=8)),
    (r"(?:de hoy en|en) quince(?: dias)?|de hoy en 15(?: dias)?", lambda m, t, p: t + timedelta(days=15)),
    (rf"(?:a week from|week from|una semana despues del?) (?P<w>{_DAY})", lambda m, t, p: almanac.weekday(_DAYS[m["w"]], t) + timedelta(days=7)),
    (rf"(?:start\w*|begin\w*|from|as of|empez\w+|comenz\w+|a partir|desde|inici\w+) (?:in |en |de )?(?P<m>{MONTH})", lambda m, t, p: None if p else almanac.nearest(_MONTHS[m["m"]], 1, t, p)),
    (r"(?:the )?day after tomorrow|pasado manana", lambda m, t, p: t + timedelta(days=2)),
    (r"(?:the )?day before yesterday|antier|anteayer|antes de ayer", lambda m, t, p: t - timedelta(days=2)),
    (r"(?:by |for )?tomorrow(?:s)?|2morrow|tmrw|tmr|(?<!la )(?<!las )(?<!esta )(?<!de la )(?<!por la )manana(?! por la noche)", lambda m, t, p: t + timedelta(days=1)),
    (r"today|2day|tonight|tonite|this (?:morning|afternoon|evening)|hoy(?: mismo)?|esta (?:noche|tarde|manana)", lambda m, t, p: t),
    (r"yesterday|last night|ayer|anoche", lambda m, t, p: t - timedelta(days=1)),
    (rf"(?P<n>{_N}) (?P<u>days?|weeks?|months?) (?P<ago>ago|back)", _ahead),
    (rf"(?P<ago>hace) (?P<n>{_N}) (?P<u>dias?|semanas?|mes(?:es)?)", _ahead),
    (rf"(?:in|en|dentro de) (?:about |like |como )?(?P<n>{_N}) (?P<u>days?|weeks?|months?|dias?|semanas?|mes(?:es)?)(?: time)?(?! (?:payments|pagos))", _ahead),
    (r"(?:the )?end of (?:the |this )?month|month'?s? end|eom|(?:a |el |para )?fin(?:es|ales)? de(?: este)? mes|el ultimo(?: dia)?(?: del mes| de mes)?|el dia ultimo|(?:the )?last day of (?:the |this )?month", lambda m, t, p: almanac.month_end(t)),
    (r"(?:the )?end of next month|fin(?:es|ales)? del (?:proximo|otro) mes", lambda m, t, p: almanac.month_end(almanac.next_month(t))),
    (r"(?:the )?end of (?:the |this )?week|eow|fin(?:es|ales)? de(?: esta)? semana(?! que)", lambda m, t, p: almanac.weekday(4, t - timedelta(days=1) if t.weekday() == 4 else t)),
    (r"(?:the )?end of next week", lambda m, t, p: almanac.monday_after(t) + timedelta(days=4)),
    (rf"(?P<w>{_DAY}) after next|(?P<w2>{_DAY}) (?:of|de) (?:la )?(?:next week|proxima semana|otra semana)", lambda m, t, p: almanac.monday_after(t) + timedelta(days=_DAYS[m["w"] or m["w2"]])),
    (rf"next (?:week )?(?:on )?(?P<w>{_DAY})(?P<next>)s?", lambda m, t, p: almanac.monday_after(t) + timedelta(days=_DAYS[m["w"]])),
    (rf"(?:this past|last|past) (?P<w>{_DAY})(?P<last>)", lambda m, t, p: almanac.weekday(_DAYS[m["w"]], t, past=True)),
    (rf"(?:el )?(?P<w>{_DAY})(?: de la semana)? pasado", lambda m, t, p: almanac.weekday(_DAYS[m["w"]], t, past=True)),
    (r"(?:the )?(?P<d>\d{1,2})(?:st|nd|rd|th) of next month|el (?:dia )?(?P<d2>\d{1,2}) del (?:proximo mes|otro mes|mes (?:que viene|entrante|que entra|proximo))|(?:start )?day (?P<d4>\d{1,2}) (?:of )?next month|next month (?:on )?the (?P<d3>\d{1,2})(?:st|nd|rd|th)", lambda m, t, p: almanac.next_month(t, int(m["d"] or m["d2"] or m["d3"] or m["d4"]))),
    (r"(?:first of next month|next month|(?:el )?(?:proximo mes|mes (?:que viene|entrante|que entra|proximo)|otro mes|primero del (?:proximo|otro) mes)|(?:beginning|start|first) of (?:the )?next month)", lambda m, t, p: almanac.next_month(t)),
    (r"(?:the )?first of (?:the|each|every) month|beginning of (?:the )?month|primero de(?:l| cada) mes|principios? de(?:l)? mes|(?:el )?dia primero", lambda m, t, p: almanac.day_of_month(1, t, p)),
    (r"(?:the )?(?:middle of (?:the|this) month|mid[ -]?month)|mediados de(?:l)? mes", lambda m, t, p: almanac.day_of_month(15, t, p)),
    (r"next week|(?:la )?(?:proxima semana|semana (?:que viene|entrante|proxima)|otra semana)|(?:early|beginning of|start of) next week", lambda m, t, p: almanac.monday_after(t)),
    (rf"(?:this |on |by |el |este |coming |this coming |proximo |(?:come ))*(?P<w>{_DAY})(?:\.|'s|s)?(?: que viene| proximo| coming)?", _named),
    (r"(?:the |el |on |el dia )?(?P<d>\d{1,2})(?:st|nd|rd|th)(?! (?:one|text|account|time|number|letter|notice|person|grade|street|st|ave|floor|call|email|message|child|job|shift|week|line|kid|baby|of \d)(?![a-z]))(?: of (?:the|this|each|every) month)?", lambda m, t, p: almanac.day_of_month(int(m["d"]), t, p)),
    (r"(?:el dia|dia|los dias|el|para el|del dia|del) (?P<d>\d{1,2})(?! ?(?:%|dolares|pesos|dlls|por ciento|de la|am|pm|:))(?: de cada mes| del mes)?", lambda m, t, p: almanac.day_of_month(int(m["d"]), t, p)),
    (r"(?:on (?:the )?|the |day |every month day |el mero |todos los |los |para el dia |pal )(?P<d>\d{1,2})(?=\s*(?:$|[.,;!?)~]|(?:then|and|please|pls|of (?:this|the|each) month|when|if|but|so|instead|jus|just|y los|n \d|cuando|que|de cada|not|no|lo)(?![a-z])))", lambda m, t, p: almanac.day_of_month(int(m["d"]), t, p)),
    (rf"(?:on )?the (?P<d>{_ORD})(?! (?:my|i|the|they|he|she|payment|one|time|thing|of each|creditor|person|message|amount|company|place|offer|letter|two|few|debt))", lambda m, t, p: almanac.day_of_month(_ORDINALS[m["d"]], t, p)),
    (r"el (?P<d>primero)", lambda m, t, p: almanac.day_of_month(1, t, p)),
)  # fmt: skip


_COMPILED = tuple((re.compile(_B + "(?:" + pattern + ")" + _E), make) for pattern, make in _TABLE)


def days(low: str, today: date, *, past: bool = False) -> list[Day]:
    """Every day a folded text names, in order; overlapping readings: the one earlier in the table."""
    found: list[Day] = []
    taken = [False] * len(low)
    for pattern, make in _COMPILED:
        for match in pattern.finditer(low):
            if any(taken[match.start() : match.end()]):
                continue
            value = make(match, today, past)
            if value is not None:
                found.append(Day(value, match.start(), match.end()))
                taken[match.start() : match.end()] = [True] * (match.end() - match.start())
    found.sort(key=lambda d: d.start)
    return [d for d, after in zip_longest(found, found[1:]) if not _only_names(d, after, low)]


def _only_names(day: Day, after: Day | None, low: str) -> bool:
    """The weekday of a date that follows: "Friday, March 20"."""
    return bool(
        after
        and re.fullmatch(r"[\s,]*(?:the |el )?", low[day.end : after.start])
        and re.search(rf"(?:{_DAY})\W*$", low[day.start : day.end])
        and re.search(r"\d", low[after.start : after.end])
    )
