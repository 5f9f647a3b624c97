"""A person, a company and a plan policy for the stories. The quoter is dialog-spec 7.3 written out once more, as an oracle."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from dialogs import identity
from dialogs.turn import Account, Facts, Heard, Proposal, Quote

TODAY = date(2026, 3, 11)
NOW = datetime(2026, 3, 11, 17, 30, tzinfo=UTC)
PER_YEAR = {"daily": 365, "weekly": 52, "biweekly": 26, "semimonthly": 24, "monthly": 12, "quarterly": 4}
COMPANY = {
    "name": "Harbor Receivables LLC",
    "address": "120 Pine Street, Denver, CO 80203",
    "phone": "+1 303-555-0142",
    "web": "harbor.example",
    "licence": "CO 991234",
    "email": "help@harbor.example",
    "dispute_address": "PO Box 1, Denver, CO 80201",
}
POLICY = {"min_monthly_cents": 5000, "max_months": 24, "first_payment_within_days": 30}
FAIRVIEW = Account(ref="FMG-4471", creditor="Fairview Medical Group", balance_cents=61240)
SUMMIT = Account(ref="SD-8820", creditor="Summit Dental", balance_cents=21000)
DANA = Facts(
    verified=True,
    language="en",
    accounts=(FAIRVIEW,),
    company=COMPANY,
    link="https://harbor.example/l/8fJ2",
    identity=identity.factors(key="k", zip_code="94110", dob="1985-07-04", refs=["FMG-4471"]),
    name="Dana Holloway",
    policy=POLICY,
)


def heard(text: str, *, medium: str = "sms", hours: float = 0) -> Heard:
    at = NOW + timedelta(hours=hours)
    return Heard(text=text, medium=medium, at=at, today=TODAY + timedelta(days=int(hours // 24)))


def facts(**changes: Any) -> Facts:
    return replace(DANA, **changes)


def quote(proposal: Proposal, policy: Mapping[str, Any]) -> Quote:
    """required = max(min_monthly, balance / max_months), compared as a monthly equivalent."""
    latest = proposal.today + timedelta(days=policy["first_payment_within_days"])
    open_cents = proposal.balance_cents - proposal.down_payment_cents
    per_year = PER_YEAR[proposal.frequency]
    required = max(policy["min_monthly_cents"], proposal.balance_cents / policy["max_months"])
    lowest = math.ceil(required * 12 / per_year - 1e-9)
    amount = _amount(proposal, open_cents, lowest)
    verdict = "meets"
    if amount > open_cents:
        verdict = "above_balance"
    elif amount < lowest:
        verdict, amount = "below", min(math.ceil(lowest / 100) * 100, open_cents)
    if verdict == "meets" and proposal.first_date and proposal.first_date < proposal.today:
        verdict = "date_too_early"
    if verdict == "meets" and proposal.first_date and proposal.first_date > latest:
        verdict = "date_too_late"
    count = max(1, math.ceil(open_cents / amount))
    return Quote(
        verdict=verdict,
        amount_cents=amount,
        count=count,
        last_cents=open_cents - amount * (count - 1),
        total_cents=proposal.balance_cents,
        first_date=proposal.first_date,
        last_date=None,
        latest_first_date=latest,
    )


def _amount(proposal: Proposal, open_cents: int, lowest: int) -> int:
    if proposal.amount_cents:
        return proposal.amount_cents
    if proposal.count:
        return math.ceil(open_cents / proposal.count)
    low, high = proposal.amount_min_cents or 0, proposal.amount_max_cents or open_cents
    return high if lowest > high else max(low, lowest)
