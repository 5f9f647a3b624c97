"""Typed words into values, with a sentence for the person when they cannot be one."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from outreach.errors import OutreachError
from outreach.reports.activity import OFFICE_ZONE


class FormError(OutreachError):
    """Something on the form needs another look."""

    status = 422


def cents(text: str, *, what: str) -> int:
    """`1,234.56` or `$50` in cents; more than nothing. Raises FormError naming the field."""
    plain = text.strip().removeprefix("$").replace(",", "")
    if not re.fullmatch(r"\d{1,9}(\.\d{1,2})?", plain) or not Decimal(plain):
        raise FormError(f"{what}: write an amount above zero, for example 125.50.")
    return int(Decimal(plain) * 100)


def day(text: str, *, what: str) -> date:
    """A date as date fields send it. Raises FormError naming the field."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise FormError(f"{what}: choose a date, for example 2026-03-31.") from None


def optional_day(text: str) -> date | None:
    """A date of a filter; what cannot be one filters nothing."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def moment(text: str, *, what: str) -> datetime:
    """A local date and time on the office's clock. Raises FormError naming the field."""
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=ZoneInfo(OFFICE_ZONE))
    except ValueError:
        raise FormError(f"{what}: choose a date and a time.") from None


def chosen(text: str, options: object, *, what: str) -> str:
    """One of the offered words. Raises FormError naming the field."""
    if text not in options:  # type: ignore[operator]
        raise FormError(f"{what}: choose one of the options.")
    return text


def written(text: str, *, what: str, most: int = 4000) -> str:
    """Words that must not be empty. Raises FormError naming the field."""
    plain = text.strip()
    if not plain:
        raise FormError(f"{what}: write something first.")
    if len(plain) > most:
        raise FormError(f"{what}: at most {most:,} characters.")
    return plain


def number(text: str, *, what: str) -> int:
    """The id of an offered choice. Raises FormError naming the field."""
    if not text.strip().isdecimal():
        raise FormError(f"{what}: choose one of the options.")
    return int(text)
