"""A mail taken apart in one pass. The stdlib's parser takes seconds for 10,000 nested parts; this never looks back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from channels.email.read import decode

LARGEST = 5_000_000
MOST_PARTS = 200
MOST_HEADERS = 1000
DEEPEST = 10

FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
DELIMITER = re.compile(rb"(?m)^--([^\r\n]{1,200}?)[ \t]*\r?$")
#: a line that looks like a delimiter: behind it stands a field or an empty line
GUESS = re.compile(rb"(?m)^--(\S{6,100}?)\r?\n(?=[A-Za-z-]+:|\r?\n)")
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


@dataclass(slots=True)
class Part:
    """One leaf of the tree: a body and what its headers say of it."""

    headers: Headers
    raw: bytes
    within: str = ""  #: type of the multipart around it
    depth: int = 0
    kind: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file name, "" for what is shown inline."""
        name = self.headers.parameters("content-disposition")[1].get("filename") or self.parameters.get("name", "")
        return name.replace("\0", "")

    @property
    def attached(self) -> bool:
        disposition = self.headers.parameters("content-disposition")[0]
        return disposition == "attachment" or (bool(self.name) and not (disposition == "inline" and self.is_text))

    @property
    def is_text(self) -> bool:
        return self.kind in {"text/plain", "text/html"}


@dataclass(slots=True)
class Tree:
    headers: Headers
    parts: list[Part]
    problems: list[str]
    raw: bytes
    body_at: int = 0

    @property
    def head(self) -> bytes:
        return self.raw[: self.body_at]

    @property
    def kind(self) -> str:
        return self.headers.parameters("content-type")[0]

    def of(self, *kinds: str) -> Iterator[Part]:
        return (part for part in self.parts if part.kind in kinds)


@dataclass(slots=True)
class _Open:
    boundary: bytes
    kind: str


def split(raw: bytes) -> Tree:
    """Every leaf in order. Never raises; what breaks the rules is named in `problems`."""
    problems: list[str] = []
    if len(raw) > LARGEST:
        raw = raw[:LARGEST]
        problems.append("too large")
    raw = _lines(raw)
    headers, body_at, broken = read_headers(raw, 0)
    if broken:
        problems.append("broken header")
    parts = _leaves(raw, headers, body_at, problems)
    return Tree(headers, parts, problems, raw, body_at)


def read_headers(raw: bytes, start: int, *, closing: frozenset[bytes] = frozenset()) -> tuple[Headers, int, bool]:
    """Fields from `start`, the offset of the body, and whether a line was neither field nor fold."""
    headers, at, broken = Headers(), start, False
    while at < len(raw) and len(headers.fields) < MOST_HEADERS:
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
            headers.fields.append((found[1].decode("ascii").lower(), line[found.end() :][:20_000]))
        # the envelope line of an mbox file is passed over; anything else that is no field begins the body
        elif headers.fields or not line.startswith((b"From ", b">From ")):
            return headers, at, True
        at = end
    return headers, at, broken


def _leaves(raw: bytes, headers: Headers, body_at: int, problems: list[str]) -> list[Part]:
    leaves: list[Part] = []
    stack: list[_Open] = []
    part, start = _begin(headers, stack)
    if stack and not re.search(rb"(?m)^--" + re.escape(stack[0].boundary), raw[body_at:]):
        problems.append("boundary not found")
        guess = GUESS.search(raw, body_at)
        if guess is None:
            return [Part(Headers(), raw[body_at:])]
        stack[0].boundary = guess[1]
    if part:
        part.raw = raw[body_at:]
        return [part]
    at, deepest = body_at, 1
    while found := DELIMITER.search(raw, at):
        at = found.end() + 1
        token = found[1]
        active = [entry.boundary for entry in stack]
        closes = token not in active and token.endswith(b"--") and token[:-2] in active
        if token not in active and not closes:
            continue
        if part is not None:
            part.raw = raw[
                start : max(start, found.start() - (2 if raw[found.start() - 2 : found.start() - 1] == b"\r" else 1))
            ]
            leaves.append(part)
            part = None
        boundary = token[:-2] if closes else token
        depth = len(active) - 1 - active[::-1].index(boundary)
        del stack[depth + (0 if closes else 1) :]
        if closes:
            continue
        if len(leaves) >= MOST_PARTS:
            problems.append("too many parts")
            return leaves
        inner, at, _ = read_headers(raw, at, closing=frozenset(active))
        part, start = _begin(inner, stack)
        start = at
        deepest = max(deepest, len(stack))
    if part is not None:
        part.raw = raw[start:]
        leaves.append(part)
    if stack:
        problems.append("cut off")
    if deepest > DEEPEST:
        problems.append("absurd nesting")
    return leaves


def _begin(headers: Headers, stack: list[_Open]) -> tuple[Part | None, int]:
    """A leaf to be filled, or None when the headers open another multipart, which is then on the stack."""
    kind, parameters = headers.parameters("content-type")
    boundary = parameters.get("boundary", "").strip()
    if kind.startswith("multipart/") and boundary:
        stack.append(_Open(boundary.encode("utf-8", "surrogateescape")[:200], kind))
        return None, 0
    within = stack[-1].kind if stack else ""
    default = "message/rfc822" if within == "multipart/digest" else "text/plain"
    if "/" not in kind:
        kind = default
    return Part(headers, b"", within, len(stack), kind, parameters), 0


def _lines(raw: bytes) -> bytes:
    """Line ends of an old Macintosh become ours; leading blank lines go."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    return raw.lstrip(b"\r\n")
