"""The one plan policy: what a creditor's written terms say of a proposed plan (dialog-spec 7.3).

Dialog, portal and desk ask this function, so that the same request gets the same answer everywhere. A proposal is
anything with the fields of `Proposal`, and the dialog's answer has the fields of `Quote`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Protocol

from outreach.money import installments

#: No plan has more instalments than this (weekly for ten years); a longer one is below any policy.
MOST_INSTALLMENTS = 520


class Verdict(StrEnum):
    MEETS = "meets"
    BELOW = "below"  #: the quote is the counter-offer
    ABOVE_BALANCE = "above_balance"  #: the quote is one payment of the balance
    DATE_TOO_EARLY = "date_too_early"
    DATE_TOO_LATE = "date_too_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A creditor's written terms for plans."""

    min_monthly_cents: int
    max_months: int
    first_payment_within_days: int

    @classmethod
    def of(cls, policy: Mapping[str, Any]) -> Terms:
        """From any mapping with these names; others in it are not terms."""
        return cls(**{name: int(policy[name]) for name in cls.__slots__})


class Proposal(Protocol):
    """What the debtor wants: an amount, or a range with one end open or none, or a number of instalments."""

    @property
    def balance_cents(self) -> int: ...
    @property
    def frequency(self) -> str: ...
    @property
    def first_date(self) -> date | None: ...
    @property
    def today(self) -> date: ...
    @property
    def amount_cents(self) -> int | None: ...
    @property
    def amount_min_cents(self) -> int | None: ...
    @property
    def amount_max_cents(self) -> int | None: ...
    @property
    def count(self) -> int | None: ...
    @property
    def down_payment_cents(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The answer, with the whole plan it leads to. `dates` is empty and `first_date` none while no valid date is known.

    `count` instalments, `count - 1` of `amount_cents` and the last of `last_cents`, make `total_cents` together with
    the down payment. When a date is refused the amounts are those of the proposal.
    """

    verdict: Verdict
    amount_cents: int
    count: int
    last_cents: int
    total_cents: int
    first_date: date | None
    last_date: date | None
    latest_first_date: date
    dates: Sequence[date]


def quote(proposal: Proposal, terms: Terms | Mapping[str, Any]) -> Quote:
    """Raises ValueError for a frequency without a policy, a balance of nothing, or a proposal without any figure."""
    terms = terms if isinstance(terms, Terms) else Terms.of(terms)
    balance, down = proposal.balance_cents, max(0, proposal.down_payment_cents)
    if balance <= 0:
        raise ValueError("there is no balance to plan for")
    lowest = lowest_installment(balance_cents=balance, frequency=proposal.frequency, terms=terms)
    amount = _wanted(proposal, rest=balance - down, lowest=lowest)
    if amount > balance or down >= balance:
        return _plan(Verdict.ABOVE_BALANCE, proposal, terms, amount=balance, rest=balance)
    rest = balance - down
    # One payment of all that is owed is as good as any plan, however small the debt.
    if amount < lowest and amount < rest:
        return _plan(Verdict.BELOW, proposal, terms, amount=min(_whole_dollars(lowest), rest), rest=rest)
    return _plan(_verdict_on_date(proposal, terms), proposal, terms, amount=amount, rest=rest)


def lowest_installment(*, balance_cents: int, frequency: str, terms: Terms) -> int:
    """The least, to the cent, whose monthly equivalent is max(min_monthly, balance / max_months)."""
    per_year = installments.Frequency(frequency).per_year
    by_minimum = _ceil(terms.min_monthly_cents * 12, per_year)
    by_length = _ceil(balance_cents * 12, per_year * terms.max_months)
    return max(by_minimum, by_length, _ceil(balance_cents, MOST_INSTALLMENTS))


def latest_first_date(today: date, terms: Terms) -> date:
    return today + timedelta(days=terms.first_payment_within_days)


def _wanted(proposal: Proposal, *, rest: int, lowest: int) -> int:
    """The instalment proposed; of a range the lowest value in it that meets policy, or else its highest."""
    if proposal.amount_cents is not None:
        return proposal.amount_cents
    if proposal.count is not None:
        return _ceil(rest, max(1, proposal.count))
    low, high = proposal.amount_min_cents, proposal.amount_max_cents
    if low is None and high is None:
        raise ValueError("a proposal needs an amount, a range or a number of instalments")
    wanted = max(low or 0, lowest)
    return wanted if high is None else min(wanted, high)


def _verdict_on_date(proposal: Proposal, terms: Terms) -> Verdict:
    first = proposal.first_date
    if first is not None and first < proposal.today:
        return Verdict.DATE_TOO_EARLY
    if first is not None and first > latest_first_date(proposal.today, terms):
        return Verdict.DATE_TOO_LATE
    return Verdict.MEETS


def _plan(verdict: Verdict, proposal: Proposal, terms: Terms, *, amount: int, rest: int) -> Quote:
    count = _ceil(rest, amount)
    first = proposal.first_date if _verdict_on_date(proposal, terms) is Verdict.MEETS else None
    dates: Sequence[date] = ()
    if first is not None:
        dates = installments.due_dates(first=first, frequency=proposal.frequency, count=count)
    return Quote(
        verdict=verdict,
        amount_cents=amount,
        count=count,
        last_cents=rest - amount * (count - 1),
        total_cents=proposal.balance_cents,
        first_date=first,
        last_date=dates[-1] if dates else None,
        latest_first_date=latest_first_date(proposal.today, terms),
        dates=tuple(dates),
    )


def _ceil(number: int, divisor: int) -> int:
    return -(-number // divisor)


def _whole_dollars(cents: int) -> int:
    return _ceil(cents, 100) * 100
