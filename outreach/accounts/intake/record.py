"""One row of text -> one row of values, or every reason why not. Pure: what is stored is the business of `checks`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from outreach.accounts.intake import values
from outreach.accounts.intake.columns import COLUMNS
from outreach.accounts.intake.reader import RawRow, Refusal

#: columns made here, after those of the file: name -> type in PostgreSQL
DERIVED = {"row_number": "int4", "row_hash": "text", "figures": "text", "itemised": "bool", "area_code": "text"}
NAMES = (*COLUMNS, *DERIVED)

_PARTS = ("principal", "interest", "fees", "payments")
#: the first is not after the second
_IN_ORDER = (
    ("opened_date", "default_date"),
    ("opened_date", "charge_off_date"),
    ("opened_date", "last_payment_date"),
    ("default_date", "charge_off_date"),
    ("date_of_birth", "opened_date"),
    ("validation_provided_at", "validation_period_end"),
    ("validation_provided_at", "validation_undeliverable_at"),
)
_PAST_DATES = [
    "opened_date",
    "default_date",
    "charge_off_date",
    "last_payment_date",
    "itemization_date",
    "date_of_birth",
]
_PAST_MOMENTS = [
    "initial_communication_at",
    "validation_provided_at",
    "validation_undeliverable_at",
    "phone_basis_at",
    "phone_reassigned_checked_at",
    "email_basis_at",
]
#: says something about a contact that must then be there
_ABOUT = {"phone": ("phone_line", "phone_basis", "phone_basis_at"), "email": ("email_basis", "email_basis_at")}


@dataclass
class Judge:
    """Judges rows under one header. `creditor` fills the column where it is empty or absent."""

    names: list[str]
    now: datetime
    creditor: str | None = None
    _faults: list[tuple[str, str]] = field(default_factory=list)

    def judge(self, raw: RawRow) -> tuple[Any, ...] | list[Refusal]:
        """The values in the order of NAMES, or the refusals."""
        self._faults = []
        cells = self._cells(raw.fields)
        row = {name: self._read(name, cell) for name, cell in cells.items() if cell}
        for check in _CHECKS:
            self._faults += check(row, self.now)
        if self._faults:
            return [Refusal(raw.number, name, why, _shown(cells.get(name, ""))) for name, why in self._faults]
        row["row_number"] = raw.number
        row["row_hash"] = _hash(cells)
        return tuple(map(row.get, NAMES))

    def _cells(self, fields: list[str]) -> dict[str, str]:
        """Stripped text by column; faults for a ragged row, a missing value, a wrong byte."""
        extra = [cell for cell in fields[len(self.names) :] if cell.strip()]
        if len(fields) < len(self.names) or extra:
            self._faults.append(("", f"the row has {len(fields)} fields, the header {len(self.names)}"))
            return {}
        cells = {name: cell.strip() for name, cell in zip(self.names, fields, strict=False)}
        if self.creditor:
            named = cells.get("creditor") or self.creditor
            if named != self.creditor:
                self._faults.append(("creditor", f"another creditor than {self.creditor}"))
            cells["creditor"] = named
        missing = [c.name for c in COLUMNS.values() if c.required and not cells.get(c.name)]
        self._faults += [(name, "missing") for name in missing]
        return cells

    def _read(self, name: str, cell: str) -> Any:
        try:
            if not cell.isprintable():
                _refuse_bytes(cell)
            return COLUMNS[name].read(cell)
        except ValueError as error:
            self._faults.append((name, str(error)))
            return None


def _refuse_bytes(cell: str) -> None:
    if any("\ud800" <= sign <= "\udfff" for sign in cell):
        raise ValueError("not UTF-8 (probably Windows-1252 or Latin-1): save the file as CSV UTF-8")
    if "\0" in cell:
        raise ValueError("holds a NUL byte")
    if any((sign < " " and sign not in "\r\n\t") or sign == "\x7f" for sign in cell):
        raise ValueError("holds a control character")


Row = dict[str, Any]
Faults = list[tuple[str, str]]


def _figures(row: Row, _: datetime) -> Faults:
    """Parts that are stated must add up to the balance; principal is the rest when it is not stated."""
    if row.get("balance") is None:
        return []
    stated = [row.get(part) for part in _PARTS]
    row["itemised"] = any(part is not None for part in stated)
    row["figures"] = " ".join(str(figure) for figure in (row["balance"], *stated))
    interest, fees, payments = (part or 0 for part in stated[1:])
    rest = row["balance"] - interest - fees + payments
    row |= {"interest": interest, "fees": fees, "payments": payments}
    if row.get("principal") is None:
        row["principal"] = rest
        return [("balance", "less than interest + fees - payments")] if rest < 0 else []
    return [("balance", "not principal + interest + fees - payments")] if rest != row["principal"] else []


def _dates(row: Row, now: datetime) -> Faults:
    # Somewhere on earth it is already tomorrow.
    tomorrow, soon = (now + timedelta(hours=14)).date(), now + timedelta(hours=1)
    faults = [(name, "lies in the future") for name in _PAST_DATES if (value := row.get(name)) and value > tomorrow]
    faults += [(name, "lies in the future") for name in _PAST_MOMENTS if (value := row.get(name)) and value > soon]
    for first, second in _IN_ORDER:
        if (earlier := row.get(first)) and (later := row.get(second)) and _day(earlier) > _day(later):
            faults.append((second, f"before {first}"))
    return faults


def _place(row: Row, _: datetime) -> Faults:
    """State and ZIP are those of the United States unless a country says otherwise."""
    readers = {"state": values.us_state, "zip": values.us_zip} if row.get("country", "US") == "US" else {}
    return _reread(row, readers)


def _contacts(row: Row, _: datetime) -> Faults:
    faults = []
    for name, words in _ABOUT.items():
        if row.get(name) is None:
            faults += [(word, f"there is no {name}") for word in words if row.get(word) not in (None, "none")]
    if row.get("phone") is None:
        return faults
    try:
        row["phone"], line, row["area_code"] = values.phone(row["phone"], region=row.get("country", "US"))
    except ValueError as error:
        return [*faults, ("phone", str(error))]
    row["phone_line"] = row.get("phone_line") or line
    return faults


_CHECKS: tuple[Callable[[Row, datetime], Faults], ...] = (_figures, _dates, _place, _contacts)


def _reread(row: Row, readers: Mapping[str, values.Reader]) -> Faults:
    faults = []
    for name, read in readers.items():
        if row.get(name) is None:
            continue
        try:
            row[name] = read(row[name])
        except ValueError as error:
            faults.append((name, str(error)))
    return faults


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _hash(cells: dict[str, str]) -> str:
    """What the row says, whatever the order of its columns: a row read again is known by it."""
    said = "\x1f".join(f"{name}={cell}" for name, cell in sorted(cells.items()) if cell)
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def _shown(cell: str) -> str:
    """The value as evidence, short and printable."""
    return cell.encode("utf-8", "replace").decode()[:60].replace("\0", "\\0")
