"""An invented but realistic portfolio: a placement file, and what has happened to its people before we met them.

The same accounts, seed and `now` give the same people, byte for byte. Telephone numbers are from the ranges kept for
fiction (555-0100 to 555-0199), mailboxes end in `.example`.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from outreach.cli._cast import (
    ASCII,
    CREDITORS,
    FIRST_NAMES,
    LAST_NAMES,
    MAILBOXES,
    PLACES,
    STREETS,
    Place,
    Terms,
)
from outreach.cli._fates import ABOUT_A_DEBT, FATES

COLUMNS = [
    "creditor",
    "creditor_relationship",
    "account_ref",
    "debtor_ref",
    "first_name",
    "last_name",
    "balance",
    "principal",
    "interest",
    "fees",
    "payments",
    "original_creditor",
    "debt_type",
    "opened_date",
    "default_date",
    "charge_off_date",
    "last_payment_date",
    "itemization_date_type",
    "itemization_date",
    "limitation_date",
    "initial_communication_at",
    "validation_provided_at",
    "validation_period_end",
    "address",
    "city",
    "state",
    "zip",
    "timezone",
    "language",
    "date_of_birth",
    "phone",
    "phone_line",
    "phone_basis",
    "phone_basis_at",
    "phone_reassigned_checked_at",
    "phone_reassigned_result",
    "email",
    "email_basis",
    "email_basis_at",
    "email_employer_provided",
]


class Before(NamedTuple):
    """Something to put on record before the first campaign: a hold, or an opt-out of a medium (`stop`)."""

    debtor_ref: str
    #: a Hold's reason, or "stop"
    what: str
    #: the account a hold is about; empty: the person
    account_ref: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Portfolio:
    rows: list[dict[str, str]]
    before: list[Before]
    creditors: tuple[Terms, ...]
    #: debtor_ref -> rarely used facts of law: consent of New York City and District of Columbia residents
    law_facts: dict[str, dict[str, Any]]

    def write(self, path: Path) -> None:
        """The placement file."""
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="")
            writer.writeheader()
            writer.writerows(self.rows)


def make(*, accounts: int, seed: int, now: datetime) -> Portfolio:
    """`accounts` debts of about two thirds as many people; from 60 accounts on every fate occurs at least once."""
    maker = Maker(random.Random(seed), now)  # noqa: S311 - repeatable on purpose
    rows: list[dict[str, str]] = []
    for person in maker.people(accounts):
        rows += maker.debts(person, room=accounts - len(rows))
        if len(rows) >= accounts:
            break
    return Portfolio(rows=rows, before=maker.before, creditors=CREDITORS, law_facts=maker.law_facts)


Row = dict[str, str]


@dataclass
class Maker:
    rng: random.Random
    now: datetime
    before: list[Before] = field(default_factory=list)
    law_facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    _used: dict[str, int] = field(default_factory=dict)

    def people(self, accounts: int) -> Iterator[Row]:
        """People with their contacts. Fates are dealt out in shuffled order: small portfolios have them all."""
        fates = [
            name for name, (share, _) in FATES.items() for _ in range(max(1, round(share * accounts * 0.6 / 1000)))
        ]
        room = max(accounts // 2, 1)
        fates = fates[:room] + [""] * (room - len(fates))
        self.rng.shuffle(fates)
        for number in range(accounts):
            person = self._person(number)
            fate = fates[number] if number < len(fates) else ""
            if fate:
                FATES[fate][1](self, person)
            yield person

    def debts(self, person: Row, *, room: int) -> list[Row]:
        count = min(self.rng.choices([1, 2, 3], [67, 25, 8])[0], room)
        debts = [_told(person | self._debt(person)) for _ in range(count)]
        # A fate is noted just before its person's debts are made: it stands last.
        if self.before and self.before[-1].debtor_ref == person["debtor_ref"] and self.before[-1].what in ABOUT_A_DEBT:
            self.before[-1] = self.before[-1]._replace(account_ref=debts[0]["account_ref"])
        return debts

    def note(self, person: Row, what: str, words: str) -> None:
        self.before.append(Before(person["debtor_ref"], what, "", words))

    def ago(self, low: int, high: int) -> datetime:
        """A whole minute of office hours, so many days ago."""
        moment = self.now - timedelta(days=self.rng.randint(low, high))
        return moment.replace(hour=self.rng.randint(15, 22), minute=self.rng.randint(0, 59), second=0, microsecond=0)

    def _person(self, number: int) -> Row:
        place = self.rng.choices(PLACES, [p.share for p in PLACES])[0]
        language = "es" if self.rng.randrange(100) < place.spanish else "en"
        first, last = self.rng.choice(FIRST_NAMES[language]), self.rng.choice(LAST_NAMES[language])
        born = (self.now - timedelta(days=self.rng.randint(24 * 366, 80 * 365))).date()
        person = {
            "debtor_ref": f"P-{number + 1:06}",
            "first_name": first,
            "last_name": last,
            "language": language,
            "date_of_birth": born.isoformat() if self.rng.random() < 0.9 else "",
            "address": f"{self.rng.randint(1, 999)} {self.rng.choice(STREETS)} St",
            "city": place.city,
            "state": place.state,
            "zip": place.zip,
        }
        return person | self._phone(place) | self._mailbox(first, last, number)

    def _phone(self, place: Place) -> Row:
        """One of the hundred fictional numbers of an area code, each given once; none left: no telephone."""
        code = next((c for c in place.area_codes if self._used.get(c, 0) < 100), None)
        if code is None or self.rng.random() < 0.08:
            return {}
        number = f"+1{code}55501{self._used.get(code, 0):02}"
        self._used[code] = self._used.get(code, 0) + 1
        if self.rng.random() < 0.08:
            return {"phone": number, "phone_line": "landline"}
        basis, low, high = self.rng.choices(_PHONE_BASES, [55, 15, 8, 10, 12])[0]
        phone = {"phone": number, "phone_line": "mobile", "phone_basis": basis}
        if basis == "none":
            return phone
        checked = self.ago(1, 25)
        return phone | {
            "phone_basis_at": self.ago(low, high).isoformat(),
            "phone_reassigned_checked_at": checked.isoformat(),
            "phone_reassigned_result": "reassigned" if self.rng.random() < 0.02 else "not_reassigned",
        }

    def _mailbox(self, first: str, last: str, number: int) -> Row:
        if self.rng.random() < 0.15:
            return {}
        name = f"{first}.{last}".lower().translate(ASCII)
        basis, low, high = self.rng.choices(_EMAIL_BASES, [55, 25, 10, 10])[0]
        mailbox = {"email": f"{name}{number + 1}@{self.rng.choice(MAILBOXES)}", "email_basis": basis}
        return mailbox | ({"email_basis_at": self.ago(low, high).isoformat()} if basis != "none" else {})

    def _debt(self, person: Row) -> Row:
        terms = self.rng.choices(CREDITORS, [c.share for c in CREDITORS])[0]
        number = self._used["account"] = self._used.get("account", 0) + 1
        fees = self.rng.choice([0, 0, 0, 2500, 3500])
        principal = max(4_000, min(900_000, round(self.rng.lognormvariate(11.0, 0.9))))
        interest = round(principal * self.rng.uniform(0, 0.12)) if terms.debt_type != "medical" else 0
        payments = round(principal * self.rng.uniform(0.05, 0.4)) if self.rng.random() < 0.3 else 0
        return {
            "creditor": terms.name,
            "creditor_relationship": terms.relationship,
            "account_ref": f"{terms.name[0]}{self.rng.randint(100, 999)}-{number:06}",
            "balance": _money(principal + interest + fees - payments),
            "principal": _money(principal),
            "interest": _money(interest),
            "fees": _money(fees),
            "payments": _money(payments),
            "original_creditor": terms.original_creditor or terms.name,
            "debt_type": terms.debt_type,
        } | self._history(person, terms, paid=payments > 0)

    def _history(self, person: Row, terms: Terms, *, paid: bool) -> Row:
        default = (self.now - timedelta(days=self.rng.randint(120, 900))).date()
        if person.get("_old"):
            default = (self.now - timedelta(days=self.rng.randint(8 * 365, 12 * 365))).date()
        opened = default - timedelta(days=self.rng.randint(200, 1500))
        charged_off = default + timedelta(days=180)
        row = {
            "opened_date": opened.isoformat(),
            "default_date": default.isoformat(),
            "charge_off_date": charged_off.isoformat() if charged_off < self.now.date() else "",
            "last_payment_date": (default - timedelta(days=30)).isoformat() if paid else "",
            "itemization_date_type": "last_statement",
            "itemization_date": default.isoformat(),
            "limitation_date": _years_later(default, 6).isoformat(),
        }
        if terms.relationship == "first_party" or person.get("_new"):
            return row
        provided = self.ago(5, 25) if person.get("_noticed") else self.ago(45, 300)
        return row | {
            "initial_communication_at": provided.isoformat(),
            "validation_provided_at": provided.isoformat(),
            "validation_period_end": (provided + timedelta(days=37)).date().isoformat(),
        }


#: type, and how many days ago it came to be
_PHONE_BASES = (
    ("direct_consent", 5, 300),
    ("consumer_text", 5, 40),
    ("consumer_text", 90, 200),  # expired: 60 days after the person's last text
    ("creditor_consent", 60, 400),
    ("none", 0, 0),
)
_EMAIL_BASES = (
    ("direct_consent", 5, 300),
    ("consumer_used", 10, 200),
    ("portal_without_disclosure", 10, 200),
    ("none", 0, 0),
)


def _told(row: Row) -> Row:
    """Without the marks that only this module reads."""
    return {name: value for name, value in row.items() if not name.startswith("_")}


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _years_later(day: date, years: int) -> date:
    return day + timedelta(days=round(365.2425 * years))
