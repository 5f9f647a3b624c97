"""Which of the days named is the one asked for: where a plan begins, when a payment is made, where it moves to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta

from dialogs.understand.slots import almanac, dates
from dialogs.understand.slots.dates import Day
from dialogs.understand.slots.numbers import numbers, small_count

_BEGINS = re.compile(
    r"(?:start\w*|begin\w*|commencing|from|as of|first payment|first one|first|next one|empez\w+|comenz\w+|a partir|iniciando|desde|primer pago|primera)(?: (?:on|el|de|del|with|the|is|sera|es|would be))*\s*$"
)
_IS_FIRST = re.compile(r"\s*(?:would be|is|being|as) (?:the |my )?(?:first|1st)")
#: a week or a month rather than a day
_LOOSE = re.compile(r"^\D*(?:week|month|semana|mes|" + dates.MONTH + r")\W*$")
_EVERY = re.compile(r"(?:every|each|cada|todos los)(?: other| otro| 2| two)?\s*$")
_REFUSED = re.compile(
    r"(?<![a-z])(?:not|no|isnt|cant be|cant do|instead of|rather than|en vez(?: del?)?|en lugar(?: del?)?|ni)(?: (?:waiting|for|till|until|on|the|this|el|hasta|pay|be|para|de))*\s*$|(?<![a-z])(?:wont|not gonna|cant|no (?:te |le |les )?(?:voy a|puedo)) (?:pay|pagar)\w*\s*$"
)
_DENIED = re.compile(r",? no(?=\s*(?:$|[,.;!?]))|,? no (?:te|le|les) (?:voy|puedo)")
_PAYS = re.compile(
    r"(?<![a-z])(?:pay|pays|send|sendin|sent|give|put|mail|drop|paid|made|gets|left|posted|went|took|(?:youll|you|u) get|pag\w+|doy|mand\w+|di|deposit\w+|transfer\w+|abon\w+|cancelo|cancele)(?![a-z])"
)
_CLAUSE = re.compile(r"[.;!?\n]|,(?!\d)|(?<![a-z])(?:so|but|then|pero|and then)(?![a-z])")
#: where a payment moves to, and where it leaves from
_TARGET = re.compile(
    r"(?:to|til|till|until|be|become|becomes?|is|on|out|for|by|date|at|make (?:it|that)|do it|al|pal|para(?: el)?|hasta(?: el)?)(?: (?:on|the|el|dia|like|about|monday|tuesday|wednesday|thursday|friday|be))*\s*$"
)
_MOVES = re.compile(
    r"(?:to|til|till|until|become|needs to be|make (?:it|that)|do it|go out|al|pal|para(?: el)?|hasta(?: el)?|could (?:it|that) be(?: on)?|be)(?: (?:on|the|el|dia|like|about))*\s*$"
)
#: until when the writer is away, which is no day of a payment
_AWAY = re.compile(
    r"(?<![a-z])(?:like|through|abroad|shop|gone|closed|off|away)(?: [a-z]+){0,3} (?:till|til|until)(?: like)?(?: the)?\s*$"
)
_LATER = re.compile(
    r"(?:bump\w*|push\w*|delay\w*|mov\w+|wait|back|slide|corr\w+|recorr\w+)?\s*(?P<n>a|one|two|three|\d|un|una|dos) (?P<u>week|day|dia|semana)s? ?(?P<a>after|later|back|despues|mas tarde)?|(?P<next>the (?:day|friday|monday|tuesday|wednesday|thursday|week) after(?: that)?)"
)


def said(low: str, found: Sequence[Day], intents: AbstractSet[str], today: date) -> list[Day]:
    """The days that are meant: without those refused, doubled by an explicit day, or of another story."""
    kept = [d for d in found if not _DENIED.match(low, d.end)]
    meant = [d for d in kept if not _REFUSED.search(low[max(0, d.start - 30) : d.start])]
    kept = meant or ([] if any(n in intents for n in ("pay_now",)) else kept)
    kept = [d for d in kept if not _doubled(d, kept, low)]
    if "already_paid" not in intents and "inform" not in intents:
        kept = [d for d in kept if d.date >= today]
        near = [d for d in kept if (d.date - today).days < 180]
        kept = near if near or "propose_plan" in intents else kept
    if "pay_now" in intents and not intents & {"promise_to_pay", "propose_plan"}:
        kept = [d for d in kept if d.date != today]
    if "cancel_plan" in intents and len(intents) == 1:
        kept = [d for d in kept if d.date != today and not re.search(r"\b(?:from|on)\s+\w*days$", low[: d.end])]
    return kept


def _doubled(day: Day, all_days: Sequence[Day], low: str) -> bool:
    """A weekday beside the date it falls on: "not this saturday, the one after. the 21st"."""
    if re.search(r"\d", low[day.start : day.end]) or not dates.NAMED.search(low[day.start : day.end]):
        return False
    return any(
        other is not day
        and other.date.weekday() == day.date.weekday()
        and re.search(r"\d", low[other.start : other.end])
        for other in all_days
    )


def moved(low: str, found: Sequence[Day]) -> date | None:
    """The day a payment moves to: the one a word of moving governs, else the last of several, or a step from the only one."""
    later = _LATER.search(low)
    if later and len(found) == 1 and (later["next"] or later["a"] or re.search(r"bump|push|delay|mov", later[0])):
        return found[0].date + timedelta(days=_step(later))
    if len(found) > 1:
        return _onward(_target(low, found), found[0], low)
    only = found[0]
    if _AWAY.search(low[: only.start]):
        return None
    if _TARGET.search(low[max(0, only.start - 24) : only.start]) or re.search(r"in ?stead", low[only.end :]):
        return only.date
    name = low[only.start : only.end]
    return None if _LOOSE.search(name) or (dates.NAMED.search(name) and " " not in name.strip()) else only.date


def _target(low: str, found: Sequence[Day]) -> Day:
    """Of several days the one said "instead", else the one a word of moving governs, else the last."""
    instead = next((d for d in found if re.match(r",? (?:in ?stead|please)", low[d.end :])), None)
    governed = [d for d in found if _MOVES.search(low[max(0, d.start - 24) : d.start])]
    return instead or (governed[0] if governed and len(governed) < len(found) else found[-1])


def _onward(target: Day, origin: Day, low: str) -> date:
    """ "April 5th needs to be the 15th": a bare day of the month lies after the day it replaces."""
    bare = re.fullmatch(r"\W*(?:on |to )?(?:the |el |dia )?\d{1,2}(?:st|nd|rd|th)?\W*", low[target.start : target.end])
    if bare and target.date < origin.date and re.search(dates.MONTH, low[origin.start : origin.end]):
        return almanac.day_of_month(target.date.day, origin.date) or target.date
    return target.date


def _step(later: re.Match[str]) -> int:
    if later["next"]:
        return 1 if "the day" in later["next"] else 7
    count = small_count(later["n"]) or 1
    return count * (7 if later["u"] in {"week", "semana"} else 1)


def starts(low: str, found: Sequence[Day]) -> date:
    """A plan begins on the day after "starting"; else on the first day named."""
    begins = [d for d in found if _BEGINS.search(low[: d.start]) or _IS_FIRST.match(low, d.end)]
    recurring = next((d.date for d in found if d not in begins and _EVERY.search(low[: d.start])), None)
    if begins and recurring and _LOOSE.search(low[begins[0].start : begins[0].end]):
        # "every Friday starting next week": the first such day from then on
        first = begins[0].date
        return first + timedelta(days=(recurring.weekday() - first.weekday()) % 7)
    return (begins or found)[0].date


def first_recurring(low: str, found: Sequence[Day]) -> date:
    """Of two days of every month the earlier, unless one is said to be the beginning."""
    begun = any(_BEGINS.search(low[: d.start]) for d in found)
    return starts(low, found) if begun else min(d.date for d in found)


def paid_on(low: str, found: Sequence[Day]) -> date:
    """Of several days the one whose clause speaks of paying and names the sum; the first of equals."""
    return max(found, key=lambda d: _speaks(low, d)).date


def _speaks(low: str, day: Day) -> int:
    before, after = _CLAUSE.split(low[: day.start])[-1], _CLAUSE.split(low[day.end :])[0]
    spoken = f"{before} ~ {after}"
    return 2 * bool(_PAYS.search(spoken)) + any(n.value > 3 for n in numbers(spoken))
