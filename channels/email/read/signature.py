"""What a program, a company or a habit puts below a person's words: signatures, disclaimers, advertisements, armour."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any

import yaml

from channels.email.read.html import MARK, SIGN

#: no program writes a longer line of its own
LONGEST_LINE = 600
#: a signature that stands alone has no more lines, and its lines no more words
MOST_LINES, MOST_WORDS = 8, 6
RULE = re.compile(r"^\s*(?:[-_=*]{2,}|[—–]{1,})\s*$")
DELIMITER = re.compile(r"^\s*(?:--|__|[—–]{1,}|_{10,})\s*$")
#: a telephone number, an address, a page
REACHED = re.compile(r"\d[\d\s().-]{6,}\d|\S@\S|https?://|www\.", re.IGNORECASE)
ARMOUR = "-----BEGIN PGP SIGNED MESSAGE-----"
ARMOUR_SIGNATURE, ARMOUR_END = "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    loaded: dict[str, Any] = yaml.safe_load(resources.files(__package__).joinpath("signatures.yaml").read_text("utf-8"))
    own = f"(?!.*\\b(?:{loaded['own']})\\b)"
    device = f"{own}(?=.*\\b(?:{loaded['devices']})\\b)"
    mobile = "|".join(loaded["mobile"]).replace("DEVICE", device).replace("OWN", own)
    return {
        "mobile": re.compile(rf"^\W{{0,4}}(?:{mobile})\W{{0,4}}$", re.IGNORECASE),
        "footer": re.compile(rf"^\W{{0,4}}(?:{'|'.join(loaded['footers'])})\W{{0,4}}$", re.IGNORECASE),
        "legal": re.compile(rf"^\W{{0,4}}(?:{'|'.join(loaded['legal'])})", re.IGNORECASE),
        "greeting": re.compile(rf"^\W*(?:{loaded['greeting']})\W*$", re.IGNORECASE),
        "surely": re.compile(loaded["surely_legal"], re.IGNORECASE),
    }


def unarmoured(lines: list[str]) -> list[str]:
    """The signed text alone (RFC 9580, section 7): no armour, no dash escapes."""
    if ARMOUR not in lines:
        return lines
    begin = lines.index(ARMOUR)
    first = next((at for at in range(begin, len(lines)) if not lines[at].strip()), begin) + 1
    end = lines.index(ARMOUR_SIGNATURE, first) if ARMOUR_SIGNATURE in lines[first:] else len(lines)
    behind = lines.index(ARMOUR_END, end) + 1 if ARMOUR_END in lines[end:] else end
    signed = [line[2:] if line.startswith("- ") else line for line in lines[first:end]]
    return [*lines[:begin], *signed, *lines[behind:]]


def cut(lines: list[str], names: frozenset[str] = frozenset()) -> list[str]:
    """Without what begins at the first line that only a program, a lawyer or a signature writes."""
    known, at = _patterns(), 0
    lines = _without_footers(lines)
    while at < len(lines):
        line = lines[at]
        if len(line) > LONGEST_LINE and not known["legal"].match(line[:LONGEST_LINE]):
            at += 1
        elif line == SIGN or DELIMITER.match(line):
            above = " ".join(line.strip() for line in lines[:at]).strip()
            said = written(lines[:at]) and not (len(above) < LONGEST_LINE and known["greeting"].match(above))
            ends = said or _contact(lines[at + 1 :], names)
            return _without_footers(lines[:at]) if ends else lines
        elif known["mobile"].match(line) and _ends(lines, at):
            return cut(lines[:at], names)
        elif known["legal"].match(line[:LONGEST_LINE]):
            behind = _paragraph(lines, at)
            if written(lines[:at]):
                return _without_footers(lines[:at])
            if known["surely"].search(" ".join(lines[at:behind])[:2_000]):
                lines = lines[behind:]
            at = 0 if behind and lines and lines[0] != line else at + 1
        else:
            at += 1
    return lines


def written(lines: list[str]) -> bool:
    """Does anything stand here but lines drawn and blank?"""
    return any(line.strip() and not RULE.match(line) and line not in (MARK, SIGN) for line in lines)


def _without_footers(lines: list[str]) -> list[str]:
    footer, end = _patterns()["footer"], len(lines)
    while end and (
        not lines[end - 1].strip()
        or RULE.match(lines[end - 1])
        or lines[end - 1] in (MARK, SIGN)
        or (len(lines[end - 1]) < LONGEST_LINE and footer.match(lines[end - 1]))
    ):
        end -= 1
    return lines[:end]


def _contact(lines: list[str], names: frozenset[str]) -> bool:
    """Below a delimiter with nothing above: who and where somebody is, and nothing they say."""
    said = [line for line in lines if line.strip()]
    if not said:
        return True
    brief = len(said) <= MOST_LINES and all(len(line.split()) <= MOST_WORDS for line in said)
    named = bool(names & set(re.findall(r"\w+", said[0].lower())))
    return brief and (named or (len(said) > 1 and any(REACHED.search(line) for line in said[1:])))


def _ends(lines: list[str], at: int) -> bool:
    """A phone's line stands last, or before an empty line; in running text "sent from my bank" is a person's own."""
    following = [line for line in lines[at + 1 :] if line.strip()]
    alone = at == 0 or not lines[at - 1].strip() or not following
    return alone and (not following or not lines[at + 1].strip() or len(following) <= 3)


def _paragraph(lines: list[str], at: int) -> int:
    while at < len(lines) and lines[at].strip():
        at += 1
    return at
