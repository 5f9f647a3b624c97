"""Readers of single values: stripped, non-empty text in, the value out, or a ValueError with the reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

import email_validator
import phonenumbers

Reader = Callable[[str], Any]

#: states, the district, territories and military mail: what USPS writes before a ZIP
STATES = frozenset(
    [
        "AL",
        "AK",
        "AZ",
        "AR",
        "CA",
        "CO",
        "CT",
        "DE",
        "FL",
        "GA",
        "HI",
        "ID",
        "IL",
        "IN",
        "IA",
        "KS",
        "KY",
        "LA",
        "ME",
        "MD",
        "MA",
        "MI",
        "MN",
        "MS",
        "MO",
        "MT",
        "NE",
        "NV",
        "NH",
        "NJ",
        "NM",
        "NY",
        "NC",
        "ND",
        "OH",
        "OK",
        "OR",
        "PA",
        "RI",
        "SC",
        "SD",
        "TN",
        "TX",
        "UT",
        "VT",
        "VA",
        "WA",
        "WV",
        "WI",
        "WY",
        "DC",
        "PR",
        "VI",
        "GU",
        "AS",
        "MP",
        "AA",
        "AE",
        "AP",
    ]
)
#: the pinned time-zone database, not the machine's
ZONES = frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())

_MONEY = re.compile(r"-?\d{1,11}(\.\d{1,2})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ZIP = re.compile(r"(\d{5})(-?\d{4})?", re.ASCII)
_PLAIN_LOCAL = re.compile(r"(?=.{1,64}$)[\w+-]+(\.[\w+-]+)*", re.ASCII)
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_NOT_PERSONAL = {
    phonenumbers.PhoneNumberType.TOLL_FREE: "a toll-free number belongs to a business",
    phonenumbers.PhoneNumberType.PREMIUM_RATE: "a premium-rate number belongs to a business",
    phonenumbers.PhoneNumberType.SHARED_COST: "a shared-cost number belongs to a business",
}
_LINES = {phonenumbers.PhoneNumberType.MOBILE: "mobile", phonenumbers.PhoneNumberType.FIXED_LINE: "landline"}


def text(limit: int) -> Reader:
    def read(raw: str) -> str:
        if len(raw) > limit:
            raise ValueError(f"longer than {limit} characters")
        return " ".join(raw.split())

    return read


def one_of(words: Iterable[str]) -> Reader:
    known = {word: word for word in words}

    def read(raw: str) -> str:
        if (word := known.get(raw.lower())) is None:
            raise ValueError("not one of " + ", ".join(known))
        return word

    return read


def cents(raw: str) -> int:
    """`1234.56` -> 123456. No thousands separator: 1,234 and 1.234 are different sums in different places."""
    if not _MONEY.fullmatch(raw):
        raise ValueError("write money as 1234.56")
    if raw.startswith("-"):
        raise ValueError("money cannot be negative")
    whole, _, part = raw.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0"))


@lru_cache(maxsize=50_000)
def day(raw: str) -> date:
    if not _DATE.fullmatch(raw):
        raise ValueError("write dates as 2026-03-11")
    try:
        found = date.fromisoformat(raw)
    except ValueError:
        raise ValueError("there is no such day") from None
    if found.year < 1900:
        raise ValueError("before 1900")
    return found


@lru_cache(maxsize=50_000)
def moment(raw: str) -> datetime:
    try:
        found = datetime.fromisoformat(raw)
    except ValueError:
        raise ValueError("write instants as 2026-03-11T09:00:00-05:00") from None
    if found.tzinfo is None:
        raise ValueError("an instant needs its offset, as in 2026-03-11T09:00:00-05:00")
    return found.astimezone(UTC)


def truth(raw: str) -> bool:
    if (found := _TRUTHS.get(raw.lower())) is None:
        raise ValueError("not one of true, false")
    return found


def zone(raw: str) -> str:
    if raw not in ZONES:
        raise ValueError("no such time zone; write it as America/New_York")
    return raw


def language(raw: str) -> str:
    if not re.fullmatch(r"[a-zA-Z]{2}", raw):
        raise ValueError("write a language as two letters: en, es")
    return raw.lower()


def currency(raw: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", raw):
        raise ValueError("write a currency as three capitals: USD")
    return raw


def country(raw: str) -> str:
    if raw.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("write a country as two letters: US")
    return raw.upper()


def us_state(raw: str) -> str:
    if raw.upper() not in STATES:
        raise ValueError("no such state; write it as two letters: OH")
    return raw.upper()


def us_zip(raw: str) -> str:
    """The first five digits: what zones are known for and what a person is asked."""
    if not (found := _ZIP.fullmatch(raw)):
        raise ValueError("a ZIP has five digits (a spreadsheet drops leading zeros)")
    return found.group(1)


def phone(raw: str, *, region: str) -> tuple[str, str | None, str | None]:
    """E.164, line (None where the numbering plan cannot tell, as in North America) and area code."""
    try:
        number = phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        raise ValueError("not a telephone number") from None
    kind = phonenumbers.number_type(number)
    if kind == phonenumbers.PhoneNumberType.UNKNOWN or number.extension:
        raise ValueError("no telephone can have this number")
    if kind in _NOT_PERSONAL:
        raise ValueError(_NOT_PERSONAL[kind])
    digits = str(number.national_number)
    area = digits[:3] if number.country_code == 1 else None
    return f"+{number.country_code}{'0' if number.italian_leading_zero else ''}{digits}", _LINES.get(kind), area


def email(raw: str) -> str:
    """Syntax only, never DNS: a placement is taken without a network."""
    local, _, domain = raw.rpartition("@")
    if _PLAIN_LOCAL.fullmatch(local):  # nearly all; a domain is looked at once
        return f"{local}@{_domain(domain)}"
    return _valid(raw).normalized


@lru_cache(maxsize=50_000)
def _domain(domain: str) -> str:
    return _valid(f"someone@{domain}").domain


def _valid(raw: str) -> email_validator.ValidatedEmail:
    try:
        return email_validator.validate_email(raw, check_deliverability=False)
    except email_validator.EmailNotValidError as error:
        raise ValueError(str(error).rstrip(".")) from None
