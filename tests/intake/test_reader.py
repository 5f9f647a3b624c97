"""Broken bytes cost one row, never their neighbours."""

from __future__ import annotations

import io

import pytest

from outreach.accounts.intake import reader
from outreach.accounts.intake.columns import FileRefusedError
from outreach.accounts.intake.reader import RawRow, Refusal


def read(data: bytes) -> list[RawRow | Refusal]:
    rows = reader.start(io.BytesIO(data))
    rows.header()
    return list(rows)


ROWS = {
    "plain": (b"a,b\n1,2\n3,4\n", [(2, ["1", "2"]), (3, ["3", "4"])]),
    "CRLF and a byte-order mark": (b"\xef\xbb\xbfa,b\r\n1,2\r\n", [(2, ["1", "2"])]),
    "no newline at the end": (b"a,b\n1,2", [(2, ["1", "2"])]),
    "a quoted comma and quote": (b'a,b\n"1,0","say ""hi"""\n', [(2, ["1,0", 'say "hi"'])]),
    "a line break inside quotes is one row": (b'a,b\n"x\ny",2\n3,4\n', [(2, ["x\ny", "2"]), (3, ["3", "4"])]),
    "blank rows keep their number": (b"a,b\n\n,\n3,4\n", [(4, ["3", "4"])]),
    "a quotation mark never closed": (b'a,b\n"1,2\n3,4\n5,6\n', [(2, None), (3, ["3", "4"]), (4, ["5", "6"])]),
    "a mark closed by a stray one far below swallows nothing": (
        b'a,b\n"1,2\n3,4\n5",6\n7,8\n',
        [(2, None), (3, ["3", "4"]), (4, ['5"', "6"]), (5, ["7", "8"])],
    ),
    "the same with another width": (
        b'a,b,c\n"1,2,0\n3,4,0\n5",6\n7,8,0\n',
        [(2, None), (3, ["3", "4", "0"]), (4, ['5"', "6"]), (5, ["7", "8", "0"])],
    ),
    "a mark inside an unquoted field is a letter": (b'a,b\n5" pipe,2\n', [(2, ['5" pipe', "2"])]),
    "a line too long to keep": (b"a,b\n" + b"x" * 500_000 + b"\n3,4\n", [(2, None), (3, ["3", "4"])]),
}


@pytest.mark.parametrize("name", ROWS)
def test_rows_keep_the_numbers_a_spreadsheet_shows(name: str) -> None:
    data, expected = ROWS[name]
    found = [(r.number, r.fields) if isinstance(r, RawRow) else (r.row, None) for r in read(data)]
    assert found == expected


FILES = {
    b"": "empty",
    b"\n\n": "empty",
    b"a;b;c\n1;2;3\n": "semicolons",
    b"a\tb\n": "tabs",
    b"PK\x03\x04rest": "spreadsheet",
    "a,b\n".encode("utf-16"): "UTF-16",
    "a,b\r\n1,2\r\n".encode("utf-16-le"): "UTF-16",
    b"cr\xe9ditor,b\n": "not UTF-8",
    b"a,b\r1,2\r3,4\r": "CR alone",
}


@pytest.mark.parametrize("data", FILES)
def test_what_is_no_csv_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(FileRefusedError, match=FILES[data]):
        read(data)


def test_a_hundred_megabytes_on_one_line_are_not_kept() -> None:
    class Endless(io.RawIOBase):
        left = 100_000_000

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            size = min(len(buffer), self.left)
            buffer[:size] = b"x" * size
            self.left -= size
            return size

    rows = reader.Reader(io.BufferedReader(Endless()))
    assert [type(r) for r in rows] == [Refusal]
