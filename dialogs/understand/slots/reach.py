"""When, where and how someone is to be reached: hours, days and places, wanted or kept free, by what governs each clause."""

from __future__ import annotations

import re
from typing import Any

from dialogs.understand.slots import clock, windows

_CLAUSES = re.compile(
    r"[.;!?\n](?!\d)|,(?!\d)|(?<![a-z])(?:but|pero|so|and then|cause|because)(?![a-z])|\bonly\b(?= (?:text|call|email|message|contact|after|before))|\bplease\b(?= (?:text|call|message|only|contact|email))"
)
_HELLO = re.compile(r"(?:good (?:morning|afternoon|evening|day)|buen[oa]s (?:dias|tardes|noches))")
#: words that keep hours, a day or a place free of messages
_KEEP_OFF = re.compile(
    r"(?<![a-z])(?:dont|do not|never|not|no|nobody|none|nothin[g']?|stop|quit|cant|cannot|wont|cease|avoid|without|refrain|neither|nor|leave (?:me|that|it|my|us)|lay off|stand off|back off|skip|"
    r"(?:pick|find|choose|try) (?:another|other|a different|outside)|another day|off limits|set apart|silence|zip it|respect|honor|bother|disturb|wait|bad time|unavailable|unreachable|mine|belongs? to|let me sleep|holy|sacred|"
    r"nunca|nada|ni|eviten|dejen|prohib\w+|molest\w+|respeten|sagrad\w+)(?![a-z])"
)
#: what people do in hours in which they cannot answer
_BUSY = re.compile(
    r"(?<![a-z])(?:sleep\w*|asleep|(?:in|to) bed|nap|dead to the world|busy|working|work|shift|duty|class(?:es)?|church|worship|mass|services|service|choir|mosque|jumm?u?ah|shabb?at|sabbath|synagogue|temple|lords|dialysis|chemo|infusion|treatment|meetings?|driving|drive|"
    r"drill|court|supper|dinner|homework|chores|family|visitation|volunteer|grandkids|practice|rehearsal|lab|nocturnal|stories|game|golf|nurse|nights|milking|tractor|roof|clinic|hospital|elbow deep|clippers|rush|jumaa|teach\w*|"
    r"trabaj\w+|duermo|dormid[oa]|ocupad[oa]|guardia|turno|clases?|iglesia|misa|culto|descanso|ando en|manej\w+|senor|recogiendo|obra|familia)(?![a-z])"
)
_WANTED = re.compile(
    r"(?<![a-z])(?:only|best|better|prefer\w*|ok|okay|fine|good|free|available|reachable|reach me|(?:be )?reached|hmu|thats when|is when|who can help|sit down|anytime|easier|can (?:talk|answer|look|text|read|take|chat|respond|reply|get)|(?:call|text|message|email|contact|try|write|ring|hit) (?:me|us)|after work|off work|off at|works|"
    r"solo|solamente|unicamente|unica|mejor|prefiero|bien|libre|despues del trabajo|salgo|puedo|si|atiendo|pueden)(?![a-z])"
)
_THERE = re.compile(r"(?<![a-z])(?:there|here|ahi|alli|aqui|at that place)(?![a-z])")
_TO_BE_REACHED = re.compile(
    r"(?<![a-z])(?:call|text|message|contact|write|ring|reach|email|phone|bother|llam\w+|escrib\w+|mand\w+|marqu\w+|busqu\w+|contact\w+)(?![a-z])"
)


def wishes(low: str) -> dict[str, Any]:
    """`time_window`, `quiet_window`, `days`, `quiet_days`, `place` of a folded text that names times or places."""
    plain = _HELLO.sub(" ", low.replace("'", "")).replace("nada mas", "solo")
    plain = clock.spelled(plain)
    plain = re.sub(r",? (?=(?:thats|is) when)", " ", plain)
    if re.search(r"(?<![a-z])(?:saturday|sabado|friday|viernes)", plain):
        plain = re.sub(r"sabbath|shabb?at", " ", plain)
    clauses = _CLAUSES.split(plain)
    exact = any(windows.window(clause, parts=False) for clause in clauses)
    found: dict[str, Any] = {}
    night = re.search(r"(?<![a-z])(?:nights?|evenings?|noches?)(?![a-z])", plain)
    if edge := clock.edge(plain):
        found["quiet_window"] = edge
    for clause in clauses:
        hours, when = windows.window(clause, parts=not exact), windows.days(clause)
        if not hours and not when:
            continue
        kept = _kept_free(clause, plain)
        if hours and night and re.fullmatch(r"(?:08|09|10|11):\d\d-", hours):
            hours = f"{int(hours[:2]) + 12}{hours[2:]}"
        if hours and not edge:
            found.setdefault("quiet_window" if kept else "time_window", hours)
        if when:
            found.setdefault("quiet_days" if kept else "days", when)
    if place := _place(plain, found):
        found["place"] = place
    return found


def _kept_free(clause: str, whole: str) -> bool:
    """Whether no message is wanted in the hours of a clause; a clause that does not say follows the rest of the message."""
    off, wanted = _KEEP_OFF.search(clause), _WANTED.search(clause)
    if off or wanted:
        only = re.search(r"(?<![a-z])(?:only|solo|unica)(?![a-z])", clause)
        return bool(off) and not (only and wanted and off and off.start() > only.start())
    if _BUSY.search(clause) or _KEEP_OFF.search(whole):
        return True
    return not _WANTED.search(whole) and not _TO_BE_REACHED.search(whole)


def _place(low: str, found: dict[str, Any]) -> str | None:
    if windows.at_work(low) and (_KEEP_OFF.search(low) or found.keys() & {"quiet_window", "quiet_days"}):
        return "work"
    for clause in re.split(r"[.;!?\n](?!\d)|,(?!\d)|(?<![a-z])(?:but|pero)(?![a-z])", low):
        named = windows.place(clause)
        refused = _KEEP_OFF.search(clause) and _TO_BE_REACHED.search(clause)
        there = _THERE.search(low) and _KEEP_OFF.search(low)
        if named and (refused or there or (_KEEP_OFF.search(clause) and not found)):
            return named
    return None
