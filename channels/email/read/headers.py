"""The fields of a mail, as far as they can be told from its body."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from channels.email.read import decode

MOST_HEADERS = 1000
#: fields that are kept however many stand before them
ESSENTIAL = frozenset(
    "from to cc subject date message-id in-reply-to references mime-version content-type content-transfer-encoding "
    "content-disposition".split()
)
FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
PARAMETER = re.compile(r""";\s*([\w*'%.-]+)\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)""")


@dataclass(slots=True)
class Headers:
    """Fields in order, undecoded; names in lower case."""

    fields: list[tuple[str, bytes]] = field(default_factory=list)

    def get(self, name: str) -> str:
        """The first value, decoded and unfolded, without NUL; "" when there is none."""
        return next(iter(self.all(name)), "").replace("\0", "")

    def all(self, name: str) -> list[str]:
        return [decode.header(value) for key, value in self.fields if key == name]

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self.fields)

    def parameters(self, name: str) -> tuple[str, dict[str, str]]:
        """The value before the first semicolon in lower case, and the parameters (RFC 2231 pieces joined)."""
        value = self.get(name)
        head = value.partition(";")[0].strip().lower()
        return head, decode.parameters(PARAMETER.findall(value[len(value.partition(";")[0]) :]))


def read_headers(raw: bytes, start: int, *, closing: frozenset[bytes] = frozenset()) -> tuple[Headers, int, bool]:
    """Fields from `start`, the offset of the body, and whether a line was neither field nor fold."""
    headers, at, broken, seen = Headers(), start, False, set[str]()
    while at < len(raw):
        end = raw.find(b"\n", at)
        end = len(raw) if end < 0 else end + 1
        line = raw[at:end].rstrip(b"\r\n")
        if not line.strip():
            # a line of blanks inside a folded field is sloppy, an empty one ends the headers
            return headers, end, broken
        if line.startswith(b"--") and line[2:].rstrip().removesuffix(b"--") in closing:
            return headers, at, broken
        found = FIELD.match(line)
        unfinished = headers.fields and not found and headers.fields[-1][1].rstrip().endswith(b";")
        if (line[:1] in b" \t" or unfinished) and headers.fields:
            name, value = headers.fields[-1]
            headers.fields[-1] = (name, value + b"\r\n" + line if len(value) < 20_000 else value)
        elif found:
            name = found[1].decode("ascii").lower()
            if len(headers.fields) < MOST_HEADERS or (name in ESSENTIAL and name not in seen):
                headers.fields.append((name, line[found.end() :][:20_000]))
            seen.add(name)
        # the envelope line of an mbox file is passed over; anything else that is no field begins the body
        elif headers.fields or not line.startswith((b"From ", b">From ")):
            return headers, at, True
        at = end
    return headers, at, broken
