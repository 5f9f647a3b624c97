"""How many segments a text costs and why (3GPP TS 23.038). Preview, rate and bill use the same count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: behind an escape: two septets each
EXTENDED = frozenset("\f^{}\\[~]|€")
#: what most texts are: one septet a character, in one part
_PLAIN = re.compile(f"[{re.escape(''.join(sorted(BASIC)))}]{{0,160}}")


@dataclass(frozen=True, slots=True)
class Count:
    segments: int
    encoding: str  #: "GSM-7" | "UCS-2"
    units: int  #: septets or UTF-16 code units in all
    offending: tuple[str, ...]  #: what forces UCS-2, each once, in order


def count(text: str) -> Count:
    """Never less than one segment. A character is never split across parts, so a part may end short."""
    if _PLAIN.fullmatch(text):
        return Count(1, "GSM-7", len(text), ())
    offending = tuple(dict.fromkeys(c for c in text if c not in BASIC and c not in EXTENDED))
    if offending:
        sizes, single, part = [2 if ord(c) > 0xFFFF else 1 for c in text], 70, 67
    else:
        sizes, single, part = [2 if c in EXTENDED else 1 for c in text], 160, 153
    units = sum(sizes)
    return Count(1 if units <= single else _parts(sizes, part), "UCS-2" if offending else "GSM-7", units, offending)


def _parts(sizes: Iterable[int], room: int) -> int:
    parts, left = 1, room
    for size in sizes:
        if size > left:
            parts, left = parts + 1, room
        left -= size
    return parts
