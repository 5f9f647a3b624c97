"""How often, how many: frequencies and counts of instalments."""

from __future__ import annotations

import re

from dialogs.understand.slots.numbers import COUNT_WORD, small_count

_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?|lunes|martes|miercoles|jueves|viernes|sabados?|domingos?"
#: first match wins
_FREQUENCIES: tuple[tuple[str, str], ...] = (
    ("biweekly", rf"bi-?\s?weekly|fortnight(?:ly)?|every (?:other|2nd|second|2|two) (?:week|{_DAY})|every (?:2|two|couple(?: of)?) (?:weeks?|wks?)|(?:each|once) (?:2|two|other) weeks?|every (?:14|fourteen) days|two-week two-week|every other payday|(?:2|two) wks(?! payments)(?<=every 2 wks)|cada (?:dos|2) (?:semanas|{_DAY})|una semana si y (?:la )?otra no|cada (?:14|catorce) dias|cada otr[oa] (?:semana|{_DAY})|(?:una semana si y una|bisemanal)|a fortnight(?! from)"),
    ("semimonthly", r"semi-?\s?monthly|(?:twice|two times|2 times|2x|2 x|twice per) (?:a|per|each|every|monthly)? ?(?:month)?(?=\W|$)(?<!twice )|twice monthly|bi-?monthly payments|(?:1st|first) (?:and|&) [^.]{0,12}(?:15th|fifteenth)|(?:on )?(?:the )?(?:1st|first|1) (?:and|&|n|\+) (?:the )?(?:15th|fifteenth|15)|(?:the )?15th (?:and|&) (?:the )?(?:30th|last|end|1st|31st)|quincenal(?:es|mente)?|(?:por|cada|la|a la|x) quincena|cada (?:15|quince) dias|dos veces (?:al|por) mes|(?:los )?(?:dias )?(?:15|quince) y (?:el |los )?(?:30|treinta|ultimos?|fin de mes)|both (?:of )?my (?:paydays|checks|paychecks)|every month (?:like )?(?:2 times|two times|twice)|(?:el |los )?(?:dias? )?(?:1|primero|uno) y (?:el )?(?:dia )?(?:15|quince)|los dias 15 y|every 15 days"),
    ("per_paycheck", r"(?:each|every|per|a|out of (?:each|every)|from (?:each|every)|off (?:each|every)|with (?:each|every)) (?:pay ?check|pay ?day|pay period|check|paycheque|pay)\b(?! ?(?:ment|a\b|for|of|in the|to|is|was|will|goes|every|each|out))|(?:each|every|per|whenever|when) (?:my )?(?:[a-z]+ )?(?:check|paycheck)(?= ?(?:$|[.,;!?~]|drops|comes|hits|is what))|(?:when(?:ever)?|every time|each time) (?:the |my )?(?!i )[a-z]+(?: [a-z]+)? pays? (?:me|us)|check (?:drops|comes|hits),? each|(?:every|each) time i get (?:paid|my check)|cada que me (?:cae|llega|dan) el cheque|(?:cada (?:cheque|pago de nomina|vez que (?:cobro|me pagan)|dia de pago|nomina)|por cheque|cada que (?:cobro|me pagan)|cuando (?:cobro|me pagan)(?= cada)|de cada cheque)"),
    ("quarterly", r"quarterly|(?:4|four) times a year|once a quarter|(?:every|each|per|(?<!and )a) quarter(?! of)|every (?:3|three) months|trimestral(?:es|mente)?|cada (?:3|tres) meses|(?:por|al|cada) trimestre"),
    ("weekly", rf"weekly|7 days apart|\d la semana|to(?:da|do)?s? las? semanas?|(?:a|per|each|every|by the|/) ?(?:week|wk)\b(?! from)|(?:every|each) (?:{_DAY})\b|once a week|every 7 days|semanal(?:es|mente)?|(?:por|cada|a la|x) semana|cada 8 dias|cada ocho dias|cada (?:{_DAY})|todos los (?:{_DAY})|(?<!other )(?:mon|tues|wednes|thurs|fri|satur|sun)days\b|\blos (?:lunes|martes|miercoles|jueves|viernes|sabados|domingos)\b"),
    ("daily", r"daily|diarit[oa]|(?:a|per|each|every) day(?! (?:off|or|late))|diari[oa]s?|diariamente|(?:por|al|cada) dia(?! ?(?:\d|primero|ultimo|quince))|todos los dias"),
    ("monthly", r"monthly|(?:a|per|each|every|by the|/) ?(?:month|mo|mnth|mth)\b(?! from (?:now|today)| ago| later| behind)|(?:12|twelve) ?(?:x|times) (?:a|per) year|once (?:per|each) month|(?:\d|dollars?|bucks) (?:one|in|the|e|by) month|every 1 month|(?:each|every) (?:the )?(?:\d{1,2}(?:st|nd|rd|th)|month)|(?:on )?(?:the )?1st of (?:the |each )?month|month (?:2|to|by) month|one time (?:in|per|a) (?:one )?month|(?:todos los|cada|los) (?:dias? )?(?:\d{1,2}|primeros?)(?! ?(?:de (?!mes|cada|todos)|dolares|pesos|y (?:el |los )?(?:\d|ultim)|anos))|cada fin de mes|month(?:ly)? payments?|\d ?/ ?mo\b|(?<!over )(?<!for )(?<!in )(?<!\d)\$?\d{2,4} ?(?:mo|mnth|mth|month)\b|once a month|every 30 days|mensual(?:es|mente|idades|idad)?|(?:por|cada|al|x|de cada) mes\b|cada 30 dias|cada treinta dias|(?:on )?the \d{1,2}(?:st|nd|rd|th) of (?:each|every) month|\$?\d+ month\b"),
    ("per_paycheck", r"(?:when(?:ever)?|as) i get paid|cuando (?:cobro|me pagan)"),
)  # fmt: skip
_COMPILED = tuple((code, re.compile(r"(?<![a-z])(?:" + pattern + ")")) for code, pattern in _FREQUENCIES)
_BARE = {
    "week": "weekly", "month": "monthly", "semana": "weekly", "mes": "monthly", "paycheck": "per_paycheck", "quincena": "semimonthly",
    "payday": "per_paycheck", "quarter": "quarterly", "day": "daily", "dia": "daily", "weeks": "weekly", "months": "monthly",
    "twice": "semimonthly", "paychecks": "per_paycheck",
}  # fmt: skip

_COUNTED = re.compile(
    rf"(?<![a-z0-9$.,])(?:(?P<n>{COUNT_WORD})(?:[ -](?:equal|even|monthly|weekly|biweekly|bi-weekly|easy|small|more|total|different|separate|full))*[ -]"
    r"(?P<u>payments?|installments?|instalments?|pagos?|cuotas?|abonos?|mensualidades|plazos|parcialidades|parts?|partes|pmts?|pieces|chunks|bites|months? payments"
    r"|months?|mos?|meses|mes|years?|yrs?|anos?|weeks|wks|semanas|quincenas|paychecks|quarters)(?![a-z]))"
)
_LENGTH = re.compile(
    r"(?:\bx|over|across|stretch it|stretch|for|in|within|during|out|into|en|a|por|durante|spread|take|of|de|period|next|los|the|about|like|about a|is|and)\s*$"
)
_SPLIT = re.compile(
    rf"(?:split|divid|break|chop|spread|part[ie]r)\w*(?: \w+){{0,6}}? (?:in|into|en) (?P<n>{COUNT_WORD})(?![\w$%])(?! ?(?:months?|mes(?:es)?|years?|anos?|weeks?|semanas?|quincenas|payments?|pagos|\w+ payments|dollars|dolares))"
)
#: a length and nothing else answers "for how long?"
_ALONE = re.compile(rf"\W*(?P<n>{COUNT_WORD}) (?P<u>months|mos|meses)(?: (?:at|of|de|a) \$?\d[^a-z]*)?\W*")
#: "85 mo" is an amount a month, "over 18 mo" a length
_SINGULAR = frozenset({"mo", "month", "mes", "year", "yr", "ano"})
#: "en 20 semanas lo acabo": a length, not a day
_DONE = re.compile(r"(?<![a-z])(?:acab\w+|termin\w+|liquid\w+|finish|done|paid off)(?![a-z])")
_OVER = re.compile(r"(?:over|across|for|in|within|during|into|en|por|durante|spread|next|los)\s*$")
_YEAR_AND_HALF = re.compile(r"(?:a year and a half|1\.5 years|one and a half years|ano y medio)")
_A_YEAR = re.compile(
    r"(?:over|in|within|for|across|en|durante|spread (?:it |this )?(?:over|across)) (?:a|one|un|the next|the) (?:year|ano)(?![a-z])"
)


_TWO_DAYS = re.compile(
    r"(?<![\d$.,/-])(?:the |el |los |dias? |on )*(?P<a>\d{1,2})(?P<as>st|nd|rd|th)?(?: of (?:the|each) month)? ?(?:and|&|n|\+|y|,|/) ?(?:the |el |los |dia |on |\$?\d+ on (?:the )?)*(?P<b>\d{1,2})(?P<bs>st|nd|rd|th)?(?![\d/:.,-]\d)(?!\w)"
)
_DAYS_SAID = re.compile(
    r"(?:each|every|of the|cada) mes|(?:each|every) month|(?<![a-z])(?:dias?|los|nomina|on the|every|each|cada)(?: |$)|(?:el|the) \d{1,2} (?:y|and|&) (?:el|the)"
)


def two_days(low: str) -> re.Match[str] | None:
    """Two days a month, half a month apart: "15th and 30th", "los dias 5 y 20"."""
    for match in _TWO_DAYS.finditer(low):
        apart = abs(int(match["b"]) - int(match["a"]))
        days = max(int(match["a"]), int(match["b"])) <= 31 and min(int(match["a"]), int(match["b"])) >= 1
        around = low[max(0, match.start() - 10) : match.end() + 16]
        if days and 12 <= apart <= 18 and (match["as"] or match["bs"] or _DAYS_SAID.search(around)):
            return match
    return None


#: a rhythm right after these is the one that is taken back
_NOT = re.compile(
    r"(?:\bnot|\bno|instead of|rather than|en (?:vez|lugar) de)(?: (?:a|the|cada|every|per|por|al|de))* ?$"
)


#: "weekly was dumb. monthly", "todos los lunes no": taken back by what follows
_NO_MORE = re.compile(r"(?: was| is)? (?:dumb|wrong|a mistake|no(?=[.,;!?]| ?$))")
_FIGURE = re.compile(r"(?:\d|dollars?|bucks|dolares|pesos|ty|teen|[a-z]+enta|cien|hundred)\s*$")


def frequency(low: str, *, bare: bool = False) -> tuple[str, int, int] | None:
    """Code and span. `bare` also accepts a lone word such as "week", for an answer to "how often?"."""
    if twice := two_days(low):
        return "semimonthly", twice.start(), twice.end()
    said = [
        (code, match.start(), match.end())
        for code, pattern in _COMPILED
        for match in pattern.finditer(low)
        if not _NOT.search(low[: match.start()]) and not _NO_MORE.match(low, match.end())
    ]
    if said:
        # of several rhythms the one behind a figure is that of the payments
        paid = [s for s in said if _FIGURE.search(low[: s[1]])] if len({s[0] for s in said}) > 1 else said
        return (paid or said)[0]
    if bare:
        for word in re.findall(r"[a-z]+", low):
            if word in _BARE:
                return _BARE[word], 0, 0
    return None


def count(low: str, said: str | None) -> tuple[int, str | None, int, int] | None:
    """Number of instalments, the frequency a length implies, and the span. `said` is the frequency named elsewhere."""
    for pattern, months in ((_YEAR_AND_HALF, 18), (_A_YEAR, 12)):
        match = pattern.search(low)
        if match and said in {None, "monthly"}:
            return months, "monthly", match.start(), match.end()
    parted = _SPLIT.search(low) or _ALONE.fullmatch(low)
    if parted and (number := small_count(parted["n"])) and said is None:
        return number, "monthly" if parted.groupdict().get("u") else None, parted.start("n"), parted.end()
    for match in _COUNTED.finditer(low):
        number = small_count(match["n"])
        if number is None or not 1 <= number <= 600:
            continue
        unit = match["u"]
        inside = match[0]
        if unit.startswith(
            ("payment", "inst", "pago", "cuota", "abono", "plazo", "parc", "part", "pmt", "piece", "chunk", "bite")
        ):
            own = "weekly" if "weekly" in inside else "biweekly" if "bi" in inside[:20] and "weekly" in inside else None
            own = "monthly" if "monthly" in inside else own
            return number, own, match.start(), match.end()
        if unit == "mensualidades":
            return number, "monthly", match.start(), match.end()
        if unit in {"mo", "month", "mes"} and re.search(r"(?:then|and|luego|plus)\s*$", low[: match.start()]):
            continue
        long = _OVER if unit in _SINGULAR and number > 1 else _LENGTH
        if not long.search(low[: match.start()]):
            continue
        if unit.startswith(("year", "yr", "ano")) and said in {None, "monthly"}:
            return number * 12, "monthly", match.start(), match.end()
        if unit.startswith(("month", "mo", "mes")) and said in {None, "monthly"}:
            return number, "monthly", match.start(), match.end()
        if (
            unit.startswith(("week", "wk", "sem"))
            and said in {None, "weekly"}
            and (said or not re.search(r"(?:in|en)\s*$", low[: match.start()]) or _DONE.search(low))
        ):
            return number, "weekly", match.start(), match.end()
        if unit == "quincenas" and said in {None, "semimonthly"}:
            return number, "semimonthly", match.start(), match.end()
    return None
