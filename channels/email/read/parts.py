"""A mail taken apart in one pass. The stdlib's parser takes seconds for 10,000 nested parts; this never looks back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from channels.email.read.headers import MOST_HEADERS, Headers, read_headers

LARGEST = 5_000_000
MOST_PARTS = 200
DEEPEST = 10
#: bytes of a message inside a message that are opened to see how deep it goes
LARGEST_INNER = 200_000

DELIMITER = re.compile(rb"(?m)^--([^\r\n]{1,200}?)[ \t]*\r?$")
#: a line that looks like a delimiter: behind it stands a field or an empty line
GUESS = re.compile(rb"(?m)^--(?:(?=\S{6})|(?=\S+\s+[Cc]ontent-))(\S{1,100}?)[ \t]*\r?\n(?=[A-Za-z-]+:|\r?\n)")


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
    if len(headers.fields) >= MOST_HEADERS:
        problems.append("too many headers")
    parts = _leaves(raw, headers, body_at, problems)
    if "absurd nesting" not in problems and _deepest(parts) > DEEPEST:
        problems.append("absurd nesting")
    return Tree(headers, parts, problems, raw, body_at)


def _leaves(raw: bytes, headers: Headers, body_at: int, problems: list[str]) -> list[Part]:
    leaves: list[Part] = []
    stack: list[_Open] = []
    part, start = _begin(headers, stack, problems)
    if stack and not (stack[0].boundary and re.search(rb"(?m)^--" + re.escape(stack[0].boundary), raw[body_at:])):
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
        part, start = _begin(inner, stack, problems)
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


def _deepest(parts: list[Part], level: int = 0) -> int:
    """How many messages stand one inside the other; counted no further than what is absurd."""
    if level > DEEPEST:
        return level
    deepest = level
    for part in parts:
        if part.kind in {"message/rfc822", "message/global"}:
            raw = part.raw[:LARGEST_INNER].lstrip()
            headers, body_at, _ = read_headers(raw, 0)
            deepest = max(deepest, _deepest(_leaves(raw, headers, body_at, []), level + 1))
    return deepest


def _begin(headers: Headers, stack: list[_Open], problems: list[str]) -> tuple[Part | None, int]:
    """A leaf to be filled, or None when the headers open another multipart, which is then on the stack."""
    kind, parameters = headers.parameters("content-type")
    boundary = parameters.get("boundary", "").strip()
    nameless = kind.startswith("multipart/") and not boundary
    if nameless and stack:  # inside another multipart: its words are read as they stand
        problems.append("boundary not found")
        kind = "text/plain"
    elif kind.startswith("multipart/"):
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
