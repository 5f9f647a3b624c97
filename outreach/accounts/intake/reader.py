"""Bytes -> numbered rows. A broken line costs one row, never its neighbours; memory does not grow with the file.

Row numbers are those a spreadsheet shows: the header is row 1, and a quoted field may hold line breaks.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from outreach.accounts.intake.columns import FileRefusedError

#: a placement row has 43 columns; this is a hundred times a long one
MAX_LINE = 200_000
#: a quotation mark still open after so many lines was never meant to be
MAX_LINES = 100

_MAGIC = {
    b"PK\x03\x04": "It is a spreadsheet or a zip archive",
    b"\xff\xfe": "It is UTF-16",
    b"\xfe\xff": "It is UTF-16",
    b"\x1f\x8b": "It is compressed",
    b"%PDF": "It is a PDF",
}


class Refusal(NamedTuple):
    """Why a row was not taken. `column` is empty when the whole row is at fault."""

    row: int
    column: str
    reason: str
    value: str = ""


class RawRow(NamedTuple):
    number: int
    fields: list[str]


#: instead of a line: the end of the file, and a line too long to be kept
_END = "\0end"
_LONG = "\0long"


@dataclass
class Reader:
    """Iterates a file's rows: a RawRow, or the Refusal of a row that is no row. `position` is bytes read so far."""

    file: BinaryIO
    position: int = 0
    number: int = 0
    #: fields of the header: a record over several lines must have as many, or it swallowed its neighbours
    width: int = 0
    _ahead: deque[str] = field(default_factory=deque)

    def header(self) -> list[str]:
        """Row 1. Raises FileRefusedError when this is no CSV at all."""
        row = next(iter(self), None)
        if row is None:
            raise FileRefusedError("The file is empty; a placement begins with a header row.")
        if isinstance(row, Refusal):
            raise FileRefusedError(f"Row 1 cannot be read: {row.reason}. Nothing was taken.")
        if "\0" in "".join(row.fields):
            raise FileRefusedError("It is UTF-16 or no text at all. Save it as CSV UTF-8. Nothing was taken.")
        if "\r" in "".join(row.fields):
            raise FileRefusedError("Lines end in CR alone. Save the file with LF or CRLF line ends. Nothing was taken.")
        for sign, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if len(row.fields) == 1 and sign in row.fields[0]:
                raise FileRefusedError(
                    f"Columns are separated by {name}. Save the file as CSV with commas. Nothing was taken."
                )
        if any(not name.isprintable() for name in row.fields):
            raise FileRefusedError(
                "The header (row 1) is not UTF-8 text. Save the file as CSV UTF-8. Nothing was taken."
            )
        self.width = len(row.fields)
        return row.fields

    def __iter__(self) -> Iterator[RawRow | Refusal]:
        while (line := self._line()) is not _END:
            self.number += 1
            if line is _LONG:
                yield Refusal(self.number, "", f"the line is longer than {MAX_LINE} bytes")
            elif line.strip(", \t"):
                yield self._row(line)

    def _row(self, first: str) -> RawRow | Refusal:
        if '"' not in first:
            return RawRow(self.number, first.split(","))
        if fields := _parse(first):
            return RawRow(self.number, fields)
        lines = [first]
        while "".join(lines).count('"') % 2 and len(lines) < MAX_LINES and (line := self._line()) is not _END:
            lines.append(line)
        fields = _parse("\n".join(lines)) if _LONG not in lines else None
        if fields and not self._swallowed(fields, lines):
            return RawRow(self.number, fields)
        # Only the line that opened the mark is at fault; the ones after it are read again as rows of their own.
        self._ahead.extendleft(reversed(lines[1:]))
        return Refusal(self.number, "", "a quotation mark is out of place or never closed")

    def _swallowed(self, fields: list[str], lines: list[str]) -> bool:
        """Whether a record over several lines closed its quotation mark by accident, in a row further down."""
        whole = any(line.count(",") + 1 >= self.width for line in lines[1:-1])
        return bool(self.width) and (len(fields) != self.width or whole)

    def _line(self) -> str:
        if self._ahead:
            return self._ahead.popleft()
        raw = self.file.readline(MAX_LINE)
        self.position += len(raw)
        if not raw:
            return _END
        if len(raw) == MAX_LINE and not raw.endswith(b"\n"):
            self._skip_line()
            return _LONG
        # A wrong byte survives as a lone surrogate, so that it can be told by row and column.
        return raw.decode("utf-8", "surrogateescape").rstrip("\r\n")

    def _skip_line(self) -> None:
        rest = b" "
        while rest and not rest.endswith(b"\n"):
            rest = self.file.readline(MAX_LINE)
            self.position += len(rest)


def _parse(text: str) -> list[str] | None:
    try:
        return next(csv.reader([text], strict=True))
    except csv.Error:
        return None


def start(file: BinaryIO) -> Reader:
    """A reader past the byte-order mark. Raises FileRefusedError for what is plainly something else."""
    head = file.read(4)
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise FileRefusedError(f"{what}. Save it as CSV UTF-8. Nothing was taken.")
    skip = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    file.seek(skip)
    return Reader(file, position=skip)


def size(path: Path) -> int:
    """Bytes. Raises FileRefusedError when there is no such file."""
    if not path.is_file():
        raise FileRefusedError(f"There is no file {path}.")
    return path.stat().st_size
