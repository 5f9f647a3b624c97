"""Money as people write it, and as we count it: integer cents."""

from __future__ import annotations

import re

#: Groups of three or none at all. "1.234,56" and "12,34" are a typing error or another country's money: never guessed
#: at. One digit of cents is what spreadsheets leave of two.
_WRITTEN = re.compile(
    r"(?P<sign>-?)\$?(?P<whole>\d{1,3}(?:,\d{3}){1,3}|\d{1,10})(?:\.(?P<cents>\d{1,2}))?",
    re.ASCII,
)
#: Above this it is a typing error, and would not fit other people's programs: ten billion.
TOO_MUCH = 10**12


class NotMoneyError(ValueError):
    """Not an amount of money. Write 1234.56 or 1,234.56."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text[:40]!r} is not an amount of money: write it as 1234.56")


def parse(text: str) -> int:
    """`1234.56`, `1,234.56`, `$1,234`, `1234.5`, `-25.00` to cents. Raises NotMoneyError for anything else."""
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise NotMoneyError(text)
    cents = int(written["whole"].replace(",", "")) * 100 + int((written["cents"] or "").ljust(2, "0"))
    if cents >= TOO_MUCH:
        raise NotMoneyError(text)
    return -cents if written["sign"] else cents


def show(cents: int) -> str:
    """`$1,234.56`; Spanish in the United States writes it the same way (dialog-spec 7)."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${whole:,}.{rest:02}"
