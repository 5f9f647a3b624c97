"""Lines that introduce a quotation: attributions, separators, header blocks, in many programs and languages."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any

import yaml

#: no mail program introduces a quotation in a longer one
LONGEST_LINE = 600
#: an attribution may be wrapped over so many lines
WRAPPED = 4
#: a header block names its other fields within so many lines
BLOCK = 7
QUOTE = re.compile(r"^\s{0,3}(?:[A-Z]{0,3}>|\|(?=\s))")
#: "You wrote:" right above a quotation
SHORT = 60
DASHES = re.compile(r"^\s*(?:[-_=*]{2,}|[—–]{1,})\s*$")
#: signs that a line of an attribution speaks of a moment or an address
EVIDENCE = re.compile(r"\d{1,2}[.:/\-\s年,]|\d{4}|@|\d{1,2}h\d\d")
#: patterns that need nothing around them
ALONE = ("separator", "zoho", "gmail_old", "dated", "above", "mutt")
QUOTING = ("wrote_on", "quoting")


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    quotes = _load("quotes.yaml")
    verbs = "|".join(quotes["verbs"])
    names = "|".join(quotes["separators"])
    forwarded = "|".join(quotes["begin_forwarded"])
    first, rest = quotes["header_from"], "|".join((quotes["header_from"], *quotes["header_other"]))
    return {
        "verb": re.compile(rf"(?:^|[\s>,.\]\)\"'：:])(?:{verbs})\s*(?:[:：]\s*(?:>.*)?|(?<=\w))$", re.IGNORECASE),
        "verb_inside": re.compile(rf"\s(?:{verbs})\s[^:]{{1,150}}[:：]\s*$", re.IGNORECASE),
        "opening": re.compile(rf"^\W{{0,3}}(?:{'|'.join(quotes['openings'])})\b", re.IGNORECASE),
        "separator": re.compile(
            rf"^\W{{0,3}}[-_=*~]{{2,}}\s*(?:{names})\s*[-_=*~:]{{2,}}.{{0,60}}$|^\s*(?:{forwarded})\s*[:：]?\s*$",
            re.IGNORECASE,
        ),
        "zoho": re.compile(rf"^\s*-{{2,}}\s*.{{3,160}}(?:{verbs})\s*:?\s*-{{2,}}\s*$", re.IGNORECASE),
        "dated": re.compile(r"^(?=.{0,60}?(?:\d{1,2}[:.]\d\d|\d{4})).{6,240}[<(]\s?[^\s<>]+@[^\s<>]+[>)]\s*[:：]\s*$"),
        "gmail_old": re.compile(r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2},?\s.{3,120}[<(][^\s<>]+@[^\s<>]+[>)]\s*:?\s*$"),
        "shared": re.compile(rf"^(.*\S)\s*(?:\s|-{{2,}})\s*On\s.{{10,200}}\b(?:{verbs})\s*:\s*$", re.IGNORECASE),
        "banner": re.compile(rf"^\W{{0,6}}(?:{'|'.join(quotes['banners'])})", re.IGNORECASE),
        "above": re.compile(rf"^\W{{0,8}}(?:{'|'.join(quotes['above'])}).{{0,60}}$", re.IGNORECASE),
        "from": re.compile(rf"^\W{{0,12}}(?:{first})\s?\*?\s?[:：]\*?\s?\S", re.IGNORECASE),
        "field": re.compile(rf"^\W{{0,12}}(?:{rest})\s?\*?\s?[:：]\*?\s?\S", re.IGNORECASE),
        "wrote_on": re.compile(
            rf"^.{{2,80}}\s(?:{verbs})\s(?:\w{{1,3}}\s)?.{{0,12}}\d.{{3,40}}\d[^a-z\d]{{0,3}}(?:[ap]\.?m\.?)?\s?\w{{0,5}}:\s*$",
            re.IGNORECASE,
        ),
        "quoting": re.compile(rf"^(?:{'|'.join(quotes['quoting'])})\s.{{2,150}}[:：]\s*$", re.IGNORECASE),
        "mutt": re.compile(r"^\*\s.{2,150}\[.{0,12}\d{2,4}.{0,40}\]\s*:\s*$"),
        "groupwise": re.compile(r"^>>>\s?\S(?=.*\d)(?:.{3,200}>>>|.{3,200}[<(][^\s<>]+@[^\s<>]+[>)].{0,60}:)\s*$"),
        "run_on": re.compile(
            rf"^\s*(?:{'|'.join(quotes['openings'])})\b.{{5,200}}<[^<>\s]+@[^<>\s]+>\)?\s*(?:{verbs})\s?:\s*\S",
            re.IGNORECASE,
        ),
    }


def introduces(lines: list[str], at: int) -> int:
    """How many lines from here introduce a quotation; 0 = none."""
    known, line = patterns(), lines[at]
    if not line.strip():
        return 0
    if any(known[name].match(line) for name in ALONE):
        return 1
    if any(known[name].match(line) for name in QUOTING):
        # a person may write like this: then what they answer stands below, and nothing above
        return int("@" in line or quoted_next(lines, at + 1) or any(above.strip() for above in lines[:at]))
    if _is_block(lines, at):
        return len(lines) - at
    if DASHES.match(line):
        following = _next(lines, at + 1)
        return len(lines) - at if following < len(lines) and _is_block(lines, following) else 0
    return _attribution(lines, at)


def _attribution(lines: list[str], at: int) -> int:
    """ "On Monday, Dana <dana@mail.example>" ... "wrote:", over one to four lines."""
    known = patterns()
    prepositional = known["opening"].match(lines[at])
    opens = prepositional or EVIDENCE.search(lines[at]) or "<" in lines[at]
    joined = ""
    for length in range(1, WRAPPED + 1):
        if at + length > len(lines) or not (line := lines[at + length - 1].strip()):
            return 0
        joined = f"{joined} {line.lstrip('> ')}" if length > 1 else line
        verb = known["verb"].search(joined)
        if (
            verb
            and length == 1
            and joined.endswith((":", "："))
            and len(line) < SHORT
            and QUOTE.match(_at(lines, at + 1))
        ):
            return 1
        ends = (verb and (joined.endswith((":", "：")) or (prepositional and "@" in joined))) or (
            prepositional and known["verb_inside"].search(joined)
        )
        if (ends and EVIDENCE.search(joined) and len(joined) < 500) or (length > 1 and known["dated"].match(joined)):
            return length
        if not opens:
            return 0
    return 0


def _is_block(lines: list[str], at: int) -> bool:
    """A header block: fields one below the other, the sender among them; blank lines may stand between."""
    known = patterns()
    if not known["field"].match(lines[at]):
        return False
    block = [line for line in lines[at : at + 2 * BLOCK] if line.strip()][:BLOCK]
    fields = sum(bool(known["field"].match(line)) for line in block)
    named = any(known["from"].match(line) for line in block[: 1 if known["from"].match(lines[at]) else 4])
    return named and (fields >= 3 or (fields == 2 and any("@" in line for line in block[:3])))


def _at(lines: list[str], at: int) -> str:
    return lines[at] if at < len(lines) else ""


def quoted_next(lines: list[str], at: int) -> bool:
    following = _next(lines, at)
    return following < len(lines) and bool(QUOTE.match(lines[following]))


def _next(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


@cache
def _load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(resources.files(__package__).joinpath(name).read_text("utf-8"))
    return loaded
