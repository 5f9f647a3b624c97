"""What a report says of one address: the lines around it, its codes, the failure they make."""

from __future__ import annotations

import re

from channels.email.read import verdict
from channels.email.read.mail import Failure

ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*\.)*[A-Za-z0-9-]+")
REPLY = re.compile(r"(?<![\d.:#@-])([45]\d\d)(?=[ \t#-])")
#: text of a report worth reading; below it is the returned message
LONGEST = 20_000
#: lines around an address in which its reason stands
NEAR = 4
#: the answer was to the mail, of a recipient already taken; as reports and transcripts of sessions tell it
AFTER_DATA = re.compile(
    r"(?:in (?:reply|response) to|after|at)\s+(?:the\s+)?(?:end\s+of\s+)?(?:smtp\s+)?data\b|"
    r">>>\s*(?:data|\.)[ \t]*\r?\n\s*<<<\s*[45]\d\d",
    re.IGNORECASE,
)
#: commands sent together: DATA stands above answers to the recipients, all of whom were refused
REFUSED_BEFORE = re.compile(r"need rcpt|no valid recipients|no recipients? (?:specified|accepted)", re.IGNORECASE)
#: what a mail system says about itself before it hands on the answer of the other one
INTRODUCES = re.compile(r"[:,]\s*$")


def failure(
    address: str, hard: bool, status: str, reply: re.Match[str] | None, said: str, *, delayed: bool = False
) -> Failure:
    return Failure(
        address=address,
        hard=hard,
        status=status,
        reply=int(reply[1]) if reply else 0,
        reason=" ".join(said.split())[:300],
        delayed=delayed,
    )


def after_data(said: str) -> bool:
    """Was the mail refused, and not its recipient? Some systems say "user unknown" for what a filter does."""
    return bool(AFTER_DATA.search(said)) and not REFUSED_BEFORE.search(said)


def around(text: str, address: str) -> str:
    """The line of an address and those after it until one gives the reason, else those before it."""
    lines = [line.strip() for line in text.split("\n")]
    at = next((n for n, line in enumerate(lines) if address and address.lower() in line.lower()), None)
    if at is None:
        return ""
    said = ""
    for n, line in enumerate(lines[at : at + NEAR + 1]):
        other = ADDRESS.match(line.lstrip("<"))
        if n and other and other[0].lower() != address.lower():
            break
        said = f"{said} {line}".strip()
        if not INTRODUCES.search(line) and verdict.by_reason(said.replace(address, "")) is not None:
            return said
    before = " ".join(lines[max(0, at - 2) : at])
    return before if verdict.by_reason(before) is not None else said
