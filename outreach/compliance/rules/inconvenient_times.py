"""TIME-04, TIME-05: times the consumer called inconvenient stay closed, but for one reply to a message of theirs."""

import re

from outreach.compliance import opening
from outreach.compliance.decision import Finding, allow, defer, deny
from outreach.compliance.rules import LIVE, rule
from outreach.compliance.situation import Situation

#: Words of a place, not a time: `place_work` and `place_home` have their say on those.
PLACE = re.compile(
    r"\b(?:at|in|from|to|en|al?|del?)\s+(?:(?:my|the|mi|el|la)\s+)?"
    r"(?:work|job|office|employer|home|house|apartment|residence|trabajo|oficina|empleo|casa|hogar|domicilio)\b"
)
#: Words of a time, beside which a place does not say it all.
TIME = re.compile(
    r"\b(?:noon|midnight|after|before|until|till|between|\d+ ?[ap]\.?m|\d+:\d\d|mediod[ií]a|antes|despu[eé]s|hasta|entre las"
    r"|(?:night|morning|evening|afternoon|weekend|week ?day|noche|tarde|lune|marte|mi[eé]rcole|jueve|vierne|s[aá]bado|domingo)s?"
    r"|por la ma[nñ]ana|fin(?:es)? de semana|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b"
)


@rule(
    "TIME-04",
    "12 CFR 1006.6(b)(1); comment 6(b)(1)-1",
    needs=("inconvenient_times", "heard"),
    clock=True,
    reads=(
        "Consumer.inconvenient_times",
        "InconvenientTime.days",
        "InconvenientTime.from_",
        "InconvenientTime.to",
        "InconvenientTime.until",
        "HistoryEntry.text",
    ),
    channels=LIVE,
    jurisdictions=("US", "UK"),
    also={"TIME-05": "comment 6(b)(1)-2", "UK-01": "FCA CONC 7.9", "CV-10": "house convention"},
    spares=("opt_out_confirmation",),
    collectors_only=True,
    courtesy=True,
)
def inconvenient_times(s: Situation) -> Finding | None:
    if not s.consumer.inconvenient_times:
        return _said_so(s)
    earliest = opening.first_convenient(s)
    if earliest == s.at:
        return None
    if s.prompt:
        return allow(
            "One reply to the consumer's own message is allowed then.", "message.in_reply_to", also=("TIME-05",)
        )
    also = ("TIME-05", "UK-01") if s.facts.jurisdiction == "UK" else ("TIME-05",)
    return defer("The consumer called this time inconvenient.", earliest, "consumer.inconvenient_times", also=also)


def _said_so(s: Situation) -> Finding | None:
    """A time wished for in words that nobody has turned into recorded times: knowledge all the same, so it blocks (CV-10)."""
    if s.answers is not None or s.consumer.convenient_times:
        return None
    if not any(_of_a_time(entry.text.lower()) for entry in s.said("inconvenient_time_or_place")):
        return None
    return deny(
        "The consumer wrote of times of their own and nobody has recorded which.", "history.text", also=("CV-10",)
    )


def _of_a_time(text: str) -> bool:
    return not PLACE.search(text) or TIME.search(text) is not None
