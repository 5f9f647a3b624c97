from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from outreach.money import payoff


@dataclass(frozen=True)
class Line:
    at: datetime
    component: str
    amount_cents: int


def on(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


ACCOUNT = [
    Line(on("2026-01-01"), "principal", 100_000),
    Line(on("2026-01-01"), "interest", 5_000),
    Line(on("2026-02-01"), "fees", 2_500),
    Line(on("2026-03-01"), "fees", -2_500),  # a payment, in its parts
    Line(on("2026-03-01"), "principal", -7_500),
    Line(on("2026-03-05"), "principal", 7_500),  # returned
    Line(on("2026-03-05"), "fees", 2_500),
    Line(on("2026-03-09"), "fees", -2_500),  # waived
]

BALANCES = [
    ("2025-12-31", (0, 0, 0)),
    ("2026-01-01", (100_000, 5_000, 0)),
    ("2026-02-28", (100_000, 5_000, 2_500)),
    ("2026-03-01", (92_500, 5_000, 0)),
    ("2026-03-06", (100_000, 5_000, 2_500)),
    ("2026-12-31", (100_000, 5_000, 0)),
]


@pytest.mark.parametrize(("day", "parts"), BALANCES)
def test_the_balance_of_any_past_day_can_be_shown(day, parts) -> None:
    balance = payoff.balance_at(reversed(ACCOUNT), on(day))
    assert (balance.principal_cents, balance.interest_cents, balance.fees_cents) == parts
    assert balance.total_cents == sum(parts)


def test_a_line_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="costs"):
        payoff.balance_at([Line(on("2026-01-01"), "costs", 1)], on("2026-01-02"))
