"""The running account: what was owed at any moment, from lines that are only ever added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from outreach.money.allocation import Component


class Entry(Protocol):
    """One line: principal placed, interest or a fee added, a payment or its reversal, an adjustment."""

    @property
    def at(self) -> datetime: ...
    @property
    def component(self) -> str: ...
    @property
    def amount_cents(self) -> int: ...  #: signed: what it adds to the balance


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    principal_cents: int = 0
    interest_cents: int = 0
    fees_cents: int = 0

    @property
    def total_cents(self) -> int:
        return self.principal_cents + self.interest_cents + self.fees_cents


def balance_at(entries: Iterable[Entry], moment: datetime) -> Balance:
    """What was owed at `moment`, lines of that very moment included; their order does not matter.

    For the balance of a day, the moment is the end of that day where the debtor lives. A line that came later with an
    earlier date changes the past, as it does on the debtor's own paper.
    """
    sums = dict.fromkeys(Component, 0)
    for entry in entries:
        if entry.at <= moment:
            sums[Component(entry.component)] += entry.amount_cents
    return Balance(**{f"{component}_cents": cents for component, cents in sums.items()})
