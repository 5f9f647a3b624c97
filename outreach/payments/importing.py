"""A creditor's payments file: rows in, each one a payment or a reason why not. Reading only; whoever calls applies them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import NamedTuple

from outreach.errors import OutreachError
from outreach.money import cents

COLUMNS = ("account_ref", "creditor", "amount", "paid_at", "reference")


class PaymentsFileError(OutreachError):
    """This file cannot be read as payments."""


class Refusal(NamedTuple):
    """Why a row was not taken. `row` as a spreadsheet counts: the header is row 1."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One good row. A negative amount takes an earlier payment back."""

    row: int
    account_ref: str
    creditor: str
    amount_cents: int
    paid_at: datetime
    reference: str


def read(path: Path) -> Iterator[Line | Refusal]:
    """Every row in order. Raises PaymentsFileError when the file has no such header or is not UTF-8 text."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
            if missing:
                raise PaymentsFileError(
                    f"{path.name} has no column {', '.join(missing)}. Its first row names the columns."
                )
            for row in rows:
                yield _line(rows.line_num, row)
    except FileNotFoundError as error:
        raise PaymentsFileError(f"There is no file {path}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise PaymentsFileError(f"{path.name} is not a CSV file in UTF-8: {error}. Save it as CSV UTF-8.") from error


def _line(number: int, row: dict[str, str | None]) -> Line | Refusal:
    known = {name: (row.get(name) or "").strip() for name in COLUMNS}
    for name in COLUMNS:
        if not known[name]:
            return Refusal(number, name, "is empty")
    try:
        amount = cents.parse(known["amount"])
    except cents.NotMoneyError as error:
        return Refusal(number, "amount", str(error))
    if not amount:
        return Refusal(number, "amount", "is nothing")
    try:
        paid_at = _moment(known["paid_at"])
    except ValueError:
        return Refusal(
            number, "paid_at", f"{known['paid_at'][:40]!r} is not a date: write 2026-03-11, or an instant with offset"
        )
    return Line(
        row=number,
        account_ref=known["account_ref"],
        creditor=known["creditor"],
        amount_cents=amount,
        paid_at=paid_at,
        reference=known["reference"],
    )


def _moment(text: str) -> datetime:
    """A day is noon UTC of it: the same day in every zone of the country."""
    if len(text) == 10:
        return datetime.combine(date.fromisoformat(text), time(12), UTC)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("an instant needs an offset")
    return moment.astimezone(UTC)
