"""Which debt, and which part of it, a payment pays: as the consumer says, then by the written order.

A payment never goes to a disputed debt, even when the consumer names it (PAY-01, 12 CFR 1006.30(c)): such money stays
unapplied until a person has asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Component(StrEnum):
    FEES = "fees"
    INTEREST = "interest"
    PRINCIPAL = "principal"


#: The written order within a debt unless a creditor's terms give another.
ORDER = (Component.FEES, Component.INTEREST, Component.PRINCIPAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """What is open on one account."""

    ref: str
    principal_cents: int
    interest_cents: int = 0
    fees_cents: int = 0
    disputed: bool = False

    def open_cents(self, component: Component) -> int:
        """A credit is nothing open."""
        amounts = {"fees": self.fees_cents, "interest": self.interest_cents, "principal": self.principal_cents}
        return max(0, amounts[component])


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One line of the ledger: how much of a payment went where. Negative in a reversal."""

    ref: str
    component: Component
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """`shares` and `unapplied_cents` are together exactly the payment."""

    shares: tuple[Share, ...]
    unapplied_cents: int

    def applied(self, ref: str) -> dict[str, int]:
        """Component -> cents of one debt, every component named."""
        return {c: sum(s.cents for s in self.shares if s.ref == ref and s.component is c) for c in ORDER}


def allocate(
    *,
    amount_cents: int,
    debts: Sequence[Debt],
    directions: Mapping[str, int] | None = None,
    order: Sequence[Component] = ORDER,
) -> Allocation:
    """Spreads a payment over `debts`, which stand in the written order, oldest first as a rule.

    `directions` is the consumer's: ref -> cents. What they direct and a debt cannot take is not moved to another debt.
    Raises ValueError for an amount of nothing, or directions beyond it.
    """
    wanted = dict(directions or {})
    if amount_cents <= 0 or any(cents < 0 for cents in wanted.values()) or sum(wanted.values()) > amount_cents:
        raise ValueError("a payment is more than nothing, and directions are within it")
    undirected = amount_cents - sum(wanted.values())
    shares: list[Share] = []
    for debt in debts:
        if debt.disputed:
            continue
        owed = sum(debt.open_cents(component) for component in Component)
        directed = min(wanted.get(debt.ref, 0), owed)
        more = min(undirected, owed - directed)
        undirected -= more
        shares += _within(debt, directed + more, order)
    return Allocation(shares=tuple(shares), unapplied_cents=amount_cents - sum(share.cents for share in shares))


def reverse(shares: Iterable[Share]) -> tuple[Share, ...]:
    """Takes a payment back exactly where it went, whatever has happened to the debts since."""
    return tuple(Share(ref=share.ref, component=share.component, cents=-share.cents) for share in shares)


def _within(debt: Debt, cents: int, order: Sequence[Component]) -> Iterator[Share]:
    for component in order:
        part = min(cents, debt.open_cents(component))
        cents -= part
        if part:
            yield Share(ref=debt.ref, component=component, cents=part)
