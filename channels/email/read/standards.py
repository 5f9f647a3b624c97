"""Where a mail breaks the standards badly enough that somebody should look: RFC 5322, RFC 2045."""

from __future__ import annotations

import re

from channels.email.read.parts import Tree

LONGEST_LINE = 998
#: fields that may stand only once (RFC 5322, section 3.6)
ONCE = ("from", "sender", "reply-to", "to", "cc", "message-id", "in-reply-to", "references", "subject", "date")
DECODED_BREAK = re.compile(r"[\r\n\x00]")
ADDRESS = re.compile(r"[^\s<>@]@[^\s<>@]|<[^<>]{1,500}>")


def problems(tree: Tree) -> list[str]:
    """Each by a short name; empty for a mail that keeps the rules."""
    found = []
    sender = tree.headers.all("from")
    if not sender or not any(ADDRESS.search(value) for value in sender):
        found.append("no From")
    if b"\x00" in tree.raw:
        found.append("NUL")
    counts = {name: len(tree.headers.all(name)) for name in ONCE}
    found += [f"duplicate {name}" for name, count in counts.items() if count > 1]
    if _overlong(tree.head) or any(_overlong(part.raw) for part in tree.parts if part.kind != "text/html"):
        found.append("over-long line")
    elif _overlong(tree.raw):
        found.append("over-long line of HTML")
    if any(DECODED_BREAK.search(value) for name in ONCE for value in tree.headers.all(name)):
        found.append("line break in a decoded header")
    if any(not value.isascii() for name, value in tree.headers.fields if name in {"from", "to", "subject", "cc"}):
        found.append("raw 8-bit header")
    return found


def _overlong(raw: bytes) -> bool:
    start = 0
    while len(raw) - start > LONGEST_LINE:
        end = raw.rfind(b"\n", start, start + LONGEST_LINE + 2)
        if end < 0:
            return True
        start = end + 1
    return False
