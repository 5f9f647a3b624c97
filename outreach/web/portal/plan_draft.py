"""A plan half told: what was answered so far, what to suggest, which question comes next. Figures are the policy's."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from outreach.money import installments, policy
from outreach.plans import terms
from outreach.web.portal.queries import Debt

FREQUENCIES = ("weekly", "biweekly", "semimonthly", "monthly")
#: plan lengths offered beside the lowest instalment, in months
_LENGTHS = (12, 6, 3)


@dataclass(frozen=True, kw_only=True)
class PlanDraft:
    frequency: str | None = None
    amount_cents: int | None = None
    first_date: date | None = None
    #: they want a person to decide on an amount below the terms
    insist: bool = False
    #: there is a plan already, and this one is to take its place
    replaces: bool = False
    #: of the check page: a form sent twice is one plan
    form_token: str = ""

    @classmethod
    def load(cls, kept: Mapping[str, Any]) -> PlanDraft:
        first = kept.get("first_date")
        return cls(**{**kept, "first_date": date.fromisoformat(first) if first else None})

    def dump(self) -> dict[str, Any]:
        return {
            "frequency": self.frequency,
            "amount_cents": self.amount_cents,
            "first_date": self.first_date.isoformat() if self.first_date else None,
            "insist": self.insist,
            "replaces": self.replaces,
            "form_token": self.form_token,
        }

    def every(self, frequency: str) -> PlanDraft:
        """Another rhythm asks for the amount again: the old one meant something else."""
        if frequency == self.frequency:
            return self
        return replace(self, frequency=frequency, amount_cents=None, insist=False)

    def next_step(self, quote: policy.Quote | None) -> str:
        """The first question still open; `check` when all are answered."""
        if self.frequency is None:
            return "rhythm"
        if self.amount_cents is None or quote is None or quote.verdict is policy.Verdict.ABOVE_BALANCE:
            return "amount"
        if quote.verdict is policy.Verdict.BELOW and not self.insist:
            return "nearest"
        return "start" if self.first_date is None or quote.first_date is None else "check"


def terms_of(debt: Debt) -> policy.Terms:
    return policy.Terms(
        min_monthly_cents=debt.min_monthly_cents,
        max_months=debt.max_months,
        first_payment_within_days=debt.first_payment_within_days,
    )


def quote(debt: Debt, draft: PlanDraft, *, today: date) -> policy.Quote | None:
    """What the policy says of the answers so far; None while rhythm or amount is unknown."""
    if draft.frequency is None or draft.amount_cents is None:
        return None
    wish = terms.Wish(
        balance_cents=debt.balance_cents,
        frequency=draft.frequency,
        first_date=draft.first_date,
        today=today,
        amount_cents=draft.amount_cents,
    )
    return policy.quote(wish, terms_of(debt))


def amounts(debt: Debt, frequency: str) -> list[int]:
    """Amounts to suggest, smallest first: the lowest the terms allow in whole dollars, then shorter plans in fives."""
    lowest = policy.lowest_installment(balance_cents=debt.balance_cents, frequency=frequency, terms=terms_of(debt))
    per_year = installments.Frequency(frequency).per_year
    found = [min(_up(lowest, 100), debt.balance_cents)]
    for months in _LENGTHS:
        cents = min(_up(-(-debt.balance_cents * 12 // (per_year * months)), 500), debt.balance_cents)
        if cents * 4 >= found[-1] * 5:  # a quarter more at least: closer ones are no choice
            found.append(cents)
    return found


def _up(cents: int, step: int) -> int:
    return -(-cents // step) * step


def first_dates(debt: Debt, today: date) -> list[date]:
    """Days to suggest for the first payment: a Friday, the 1st, the 15th, the last day; all within the terms."""
    latest = policy.latest_first_date(today, terms_of(debt))
    friday = today + timedelta(days=(4 - today.weekday()) % 7 or 7)
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    last_day = today.replace(day=calendar.monthrange(today.year, today.month)[1])
    found = {friday, today.replace(day=15), next_month, next_month.replace(day=15), last_day}
    return sorted(day for day in found if today < day <= latest)[:4] or [latest]
