"""Which of several figures is the one offered: weighed by what stands around it, never by its size or its place."""

from __future__ import annotations

import re

from dialogs.understand.slots.numbers import Number

#: below this a figure is no money of the offer
NOISE = -4
_STOP = re.compile(r"[.;!?\n](?=\s|$)|[.;!?\n]+$|\n| - ")
_TURN = re.compile(r",(?!\d)|(?<![a-z])(?:but|pero|sino|so|because|porque|since|though)(?![a-z])")
_PAYS = re.compile(
    r"(?<![a-z])(?:pay|payin|paying|send|sending|do|doin|doing|give|giving|offer\w*|put|putting|manage|afford|swing|handle|drop|mail|mailed|mailing|spare|can|could|cover|sent|paid|gave|made"
    r"|throw|have|got|start|propose|suggest|toss|take|tender|squeeze|settle|make it|i'?ll|let'?s|agree\w*|pag[aou]\w*|pague|d[aoe]r?|doy|dar\w*|mand[aeo]\w*|envi\w*|ofrezco|ofrec\w*|propongo|abon\w*|deposit\w*|puedo|podria|alcanza|pong\w+|cancel[oae]r?|cobr[ea]n?me|cojan|agarren\w*|di|tengo|junt\w+)"
    r"(?: (?!not\b|no\b|for\b|to\b)[a-z']+){0,4} ?\$?$"
)
_EACH = re.compile(
    r"\s*(?:dollars? |bucks |pesos )?(?:(?:a|per|each|every|evry|by the|one|once a|once per|in|the|al|por|cada|x|la|de cada|twice a|2x a|e)? ?(?:day|week|wk|month|mo|mnth|mth|quarter|paycheck|check|payday|semana|quincena|mes|cheque)(?![a-z])"
    r"|/ ?(?:day|week|wk|month|mo|mnth)|weekly|wkly|biweekly|bi-weekly|monthly|semimonthly|quarterly|mensual\w*|semanal\w*|quincenal\w*|every|cada|twice|down|up front|today|tomorrow|hoy|~|on the|instead)"
)
_HOURLY = re.compile(
    r"\s*(?:dollars? |bucks )?(?:an|a|per|/|la|por|each) ?(?:hour|hr|hora|mile|gallon|head|piece)(?![a-z])"
)
_LIFE = re.compile(
    r"(?<![a-z])(?:make|makes|get|gets|getting|done|earn|earns|get paid|bring home|take home|rent(?: is)?|income(?: is)?|gano|cobro|me pagan|la renta|recibo|owes?|debo|balance|bill|bills|was|were|total|originally|says?|charged|saldo|deuda|counter\w*"
    r"|you (?:said|want|sent)|asking|asked|asks|payment was|stipend(?: is)?|draw|check is|vale|cuesta|costs?|cost me|fee|fees|deposit|insurance|support|copay|refund|car note|truck|drew|used to pay|been paying|had been paying|wants?|figure of|bonus of|gives me|gimme|left|bought|flipped|quoted|repair\w*|para la|surgery|funeral|pills|electric|light|water|gas|out of|of the|for the|instead of the|not the)"
    r"(?: (?:of|for|is|are|was|about|like|only|me|it|out|at|el|la|de|the|solo|around|should be|should|be|my|to|us|em|another)){0,3}:? ?\$?$"
)
_LABEL = re.compile(
    r"(?<![a-z])(?:chapter|section|grade|apt|unit|suite|room|aged?|channel|area code|size|interstate|hwy|highway|route|rt|bus|option|number|no|num|numero|ext|badge|conf|ref|stage|round|gate|dock|lane|level|fre|rule|reg f|title|article|capitulo|articulo"
    r"|check(?! for)|cheque|payment(?! (?:of|is|for|at))|street|st|box|kids?|year|ano|summer|winter|fall|spring|since|back in|desde|of us|old|case|claim|invoice|order|lot|pier|local|piso)\.? ?(?:\(|#|no\. ?|number |numero )?#?$"
)
_NAMED = re.compile(
    r"(?:#|no\. ?|(?<![a-z])(?:im|i'm|i am|turned|he is|hes|shes|she is|is now|just turned|tengo(?= \d+ anos)|(?:son|daughter|kid|boy|girl|wife|husband|mom|dad|mother|father|baby|he|she|hij[oa]|nieto|nieta) (?:is|are|just turned|turned|tiene|de)))\s*$"
)
_COUNTED = re.compile(
    r"\s*(?:-|more |different |mas |straight |long |young |old |little |whole |other |small |x )?(?:years?|yrs?|months?|mths|weeks?|wks|days?|hours?|hrs?|h|minutes?|mins?|kids?|children|people|times|th grade|grade|am|pm|a\.m|p\.m|o'?clock|anos?|meses|semanas?|dias?|horas?|hijos|ninos|veces|payments?|installments?|pagos|cuotas"
    r"|texts|messages|calls|emails|of us|st|nd|rd|th|accounts?|cuentas|percent|acres|miles|pounds|feet|ft|stars?|arms|haircuts|oz|lbs|mas de|jobs|rooms?|nights|heads|shifts)(?![a-z])"
)
#: a word behind a bare figure that does not make it a number of things
_PLAIN = frozenset(
    "a an per each every on by at in to the and or if is it its but for from of off now then today tomorrow tonight this next until till when once as so "
    "max tops min minimum maximum most least down up monthly weekly biweekly daily month week wk mo please pls ok okay would will can could should works work good fine sounds "
    "instead not no yes yeah total only just maybe probably about start starting starts beginning right right away because bc since with more less cash friday monday tuesday wednesday thursday saturday sunday fri mon tue thurs sat sun n y o e al por cada el la los de que en "
    "para pa si ya mensual mensuales semanal semanales quincenal quincenales mes semana quincena es seria esta hoy manana como maximo minimo a lo mucho porfa nomas nada mas pero i ill id im we was that thats which what lol bro fam man ma sir sir mam right after before my u you ya towards toward via through first due twice extra till also be or has".split()
)
_NOT_OFFERED = re.compile(
    r"(?<![a-z])(?:not|isnt|cant|cannot|can ?t|wont|dont|didnt|couldnt|wouldnt|never|(?:no|nah)(?= [a-z])|refuse to|nunca|ni|unable to|instead of|rather than|en vez de|en lugar de|aint)"
    r"(?: (?:be|gonna|going|able|to|a|me|le|les|te|no|way|am|i|im|voy|puedo|pienso|llego|the|another|you|u|please|all|of|con|from|on|llegar))*"
    r"(?: (?:pay\w*|do|doin|doing|afford|swing|manage|hack|go|send\w*|give|giving|make|cover|handle|pagar|dar|darle\w*|pago|doy))*(?: (?:con|you|u|me|le|les|de|the|a|at|for|on|los|las|no))* ?\$?$"
)
_TURNED_DOWN = re.compile(
    r"\s*(?:dollars? |bucks )?(?:(?:a|per|each|every|al|por|cada) ?(?:month|week|mes|semana|mo|quincena) ?)?,? ?(?:no(?=\W*$|,| sir| ji| way| te| le| puedo| maa?m)|(?:is|are|was|isnt|aint|its|es)? ?(?:not |still |just |way |literally |too |muy |a |kinda )*(?:crazy|steep|too|much|high|happening|feasible|possible|double|impossible|mucho|demasiado|imposible|joke|insane|wild|nuts|ridiculous|out of|isnt)(?![a-z]))"
)
_ASKED = re.compile(
    r"\s*(?:dollars? |bucks )?(?:(?:a|per|each|every|al|por|cada) ?(?:month|week|mes|semana|mo|wk) ?|wkly ?|weekly ?|monthly ?)?(?:\?|\.(?=\s)|!)"
)


def weight(figure: Number, low: str) -> int:
    """How much speaks for `figure` being money offered; `NOISE` and less: it is something else's number."""
    before, after = _before(low[: figure.start]), _after(low[figure.end :])
    score = 2 if figure.money else 0
    if re.match(_HOURLY, after):
        return NOISE - 2
    if _EACH.match(after):
        score += 3
    if _PAYS.search(before):
        score += 3
    if _LIFE.search(before):
        score -= 2
    if not figure.money:
        score += _bare(figure, before, after)
    return score


def refused(figure: Number, low: str) -> bool:
    """ "cant do 160", "300 no", "260 isnt feasible", "700 no te doy": named to be turned down."""
    before = _before(low[: figure.start])
    turn = [m.end() for m in _TURN.finditer(before)]
    return bool(_NOT_OFFERED.search(before[turn[-1] :] if turn else before) or _TURNED_DOWN.match(low[figure.end :]))


def told(figure: Number, low: str) -> bool:
    """A figure of the writer's life or of the account: rent, wages, a balance; said without a rhythm or a paying word."""
    before, after = _before(low[: figure.start]), _after(low[figure.end :])
    return bool(_LIFE.search(before)) and not _EACH.match(after) and not _PAYS.search(before)


def offered(figure: Number, low: str) -> bool:
    """Put forward by someone who declines: a paying word governs it or it has its sign and its rhythm, and no doubt follows."""
    before, after = _before(low[: figure.start]), low[figure.end : figure.end + 40]
    governed = bool(_PAYS.search(before)) and bool(
        re.search(r"(?<![a-z])(?:i|we|id|ill|my|me|puedo|doy|le|les)(?![a-z])", before)
    )
    return weight(figure, low) >= 3 and (governed or figure.money) and not _ASKED.match(after)


def _bare(figure: Number, before: str, after: str) -> int:
    """A figure without a sign may count, number or date something else."""
    if _LABEL.search(before) or _NAMED.search(before):
        return -20
    if (_COUNTED.match(after) and not _EACH.match(after)) or after.startswith((":", "th ", "'s a")):
        return -20
    year = 1990 <= figure.value <= 2035 and figure.value not in {2000, 1990}
    if figure.digits and (year or figure.value >= 100_000):
        return -5
    if figure.value < 12 and re.match(r"\s*(?:day|week|month|hour|year|night)(?![a-z])", after):
        return -20
    if figure.digits and figure.value in {2, 4} and re.match(r"\s(?:the|my|me|u|you|us|pay|be|get)(?![a-z])", after):
        return -20
    behind = re.match(r"[\s-]([a-z]+)", after)
    return -1 if behind and behind[1] not in _PLAIN and figure.value < 1000 else 0


def _before(low: str) -> str:
    return _STOP.split(low[-70:])[-1].replace("'", "")


def _after(low: str) -> str:
    return _STOP.split(low[:40])[0]
