"""What a placement file may hold: one line a column, and the check of a header against them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from outreach.accounts.intake import values
from outreach.accounts.intake.values import Reader
from outreach.accounts.models import Relationship
from outreach.errors import OutreachError

#: sms_basis.type and email_basis.type of the decision cases (12 CFR 1006.6(d)(4), (5))
PHONE_BASES = [
    "direct_consent",
    "consumer_text",
    "consumer_call",
    "creditor_consent",
    "prior_collector_consent",
    "none",
]
EMAIL_BASES = [
    "direct_consent",
    "consumer_used",
    "portal_without_disclosure",
    "creditor_notice",
    "prior_collector",
    "none",
]
ITEMIZATION = ["last_statement", "charge_off", "last_payment", "transaction", "judgment"]


class FileRefusedError(OutreachError):
    """The file cannot be read as a placement; nothing was taken from it."""


@dataclass(frozen=True, kw_only=True)
class Column:
    name: str
    read: Reader
    #: its type in PostgreSQL, by the name COPY knows
    sql: str = "text"
    required: bool = False


def _c(name: str, read: Reader, sql: str = "text", *, required: bool = False) -> Column:
    return Column(name=name, read=read, sql=sql, required=required)


COLUMNS: dict[str, Column] = {
    column.name: column
    for column in (
        _c("creditor", values.text(200), required=True),
        _c("account_ref", values.text(100), required=True),
        _c("debtor_ref", values.text(100), required=True),
        _c("first_name", values.text(100), required=True),
        _c("last_name", values.text(100), required=True),
        _c("balance", values.cents, "int8", required=True),
        _c("original_creditor", values.text(200)),
        _c("creditor_relationship", values.one_of(Relationship)),
        _c("debt_type", values.text(50)),
        _c("currency", values.currency),
        _c("principal", values.cents, "int8"),
        _c("interest", values.cents, "int8"),
        _c("fees", values.cents, "int8"),
        _c("payments", values.cents, "int8"),
        _c("opened_date", values.day, "date"),
        _c("default_date", values.day, "date"),
        _c("charge_off_date", values.day, "date"),
        _c("last_payment_date", values.day, "date"),
        _c("itemization_date_type", values.one_of(ITEMIZATION)),
        _c("itemization_date", values.day, "date"),
        _c("limitation_date", values.day, "date"),
        _c("initial_communication_at", values.moment, "timestamptz"),
        _c("validation_provided_at", values.moment, "timestamptz"),
        _c("validation_period_end", values.day, "date"),
        _c("validation_method", values.one_of(["mail", "email"])),
        _c("validation_undeliverable_at", values.moment, "timestamptz"),
        _c("address", values.text(300)),
        _c("city", values.text(100)),
        _c("state", values.text(50)),
        _c("zip", values.text(20)),
        _c("country", values.country),
        _c("timezone", values.zone),
        _c("language", values.language),
        _c("date_of_birth", values.day, "date"),
        _c("phone", values.text(40)),
        _c("phone_line", values.one_of(["mobile", "landline"])),
        _c("phone_basis", values.one_of(PHONE_BASES)),
        _c("phone_basis_at", values.moment, "timestamptz"),
        _c("phone_reassigned_checked_at", values.moment, "timestamptz"),
        _c("phone_reassigned_result", values.one_of(["not_reassigned", "reassigned", "no_data"])),
        _c("email", values.email),
        _c("email_basis", values.one_of(EMAIL_BASES)),
        _c("email_basis_at", values.moment, "timestamptz"),
        _c("email_employer_provided", values.truth, "bool"),
        _c("notes", values.text(5000)),
    )
}


def match(header: list[str], *, creditor_given: bool) -> list[str]:
    """The names of a header in its order. Raises FileRefusedError naming every unknown, missing or repeated column."""
    names = [name.strip().lower() for name in header]
    problems = [f"unknown column {name!r}{_nearest(name)}" for name in dict.fromkeys(names) if name not in COLUMNS]
    problems += [
        f"column {name!r} stands there {names.count(name)} times"
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    needed = [c.name for c in COLUMNS.values() if c.required and not (c.name == "creditor" and creditor_given)]
    problems += [f"column {name!r} is missing" for name in needed if name not in names]
    if problems:
        raise FileRefusedError(f"Nothing was taken; correct the header (row 1): {'; '.join(problems)}.")
    return names


def unknown(name: str) -> tuple[str, str]:
    """A column nobody knows, printable, and what to say of it."""
    shown = name.encode("ascii", "backslashreplace").decode()[:60]
    return shown, f"there is no such column{_nearest(shown)}"


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(name, COLUMNS, n=1, cutoff=0.5)
    return f" (did you mean {near[0]!r}?)" if near else ""
