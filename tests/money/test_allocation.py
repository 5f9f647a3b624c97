from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.money import allocation
from outreach.money.allocation import Component, Debt, Share

CARD = Debt(ref="card", principal_cents=10_000, interest_cents=1_000, fees_cents=500)
CLINIC = Debt(ref="clinic", principal_cents=20_000)
DISPUTED = Debt(ref="gym", principal_cents=30_000, disputed=True)


def test_a_payment_follows_the_written_order_within_and_over_debts() -> None:
    answer = allocation.allocate(amount_cents=12_000, debts=[CARD, CLINIC])
    assert answer.applied("card") == {"fees": 500, "interest": 1_000, "principal": 10_000}
    assert answer.applied("clinic") == {"fees": 0, "interest": 0, "principal": 500}
    assert answer.unapplied_cents == 0


def test_a_creditor_may_write_another_order() -> None:
    order = (Component.PRINCIPAL, Component.INTEREST, Component.FEES)
    answer = allocation.allocate(amount_cents=10_500, debts=[CARD], order=order)
    assert answer.applied("card") == {"fees": 0, "interest": 500, "principal": 10_000}


def test_the_consumer_s_directions_come_first_and_the_rest_follows_the_order() -> None:
    answer = allocation.allocate(amount_cents=6_000, debts=[CARD, CLINIC], directions={"clinic": 5_000})
    assert answer.applied("clinic")["principal"] == 5_000
    assert answer.applied("card") == {"fees": 500, "interest": 500, "principal": 0}


def test_a_payment_never_goes_to_a_disputed_debt_even_when_the_consumer_names_it() -> None:
    assert allocation.allocate(amount_cents=9_000, debts=[DISPUTED]).unapplied_cents == 9_000
    answer = allocation.allocate(amount_cents=9_000, debts=[DISPUTED, CARD], directions={"gym": 8_000})
    assert {share.ref for share in answer.shares} == {"card"}
    assert answer.unapplied_cents == 8_000


def test_directed_money_a_debt_cannot_take_waits_instead_of_paying_another() -> None:
    answer = allocation.allocate(amount_cents=15_000, debts=[CARD, CLINIC], directions={"card": 15_000})
    assert answer.applied("clinic")["principal"] == 0
    assert answer.unapplied_cents == 3_500


def test_a_reversal_takes_back_exactly_what_was_given() -> None:
    answer = allocation.allocate(amount_cents=700, debts=[CARD])
    assert allocation.reverse(answer.shares) == (
        Share(ref="card", component=Component.FEES, cents=-500),
        Share(ref="card", component=Component.INTEREST, cents=-200),
    )


@pytest.mark.parametrize(
    ("amount", "directions"), [(0, {}), (-5, {}), (100, {"card": 101}), (100, {"card": 200, "clinic": -150})]
)
def test_impossible_sums_are_refused(amount, directions) -> None:
    with pytest.raises(ValueError):
        allocation.allocate(amount_cents=amount, debts=[CARD, CLINIC], directions=directions)


amounts = st.integers(-1_000, 100_000)


@given(
    amount=st.integers(1, 500_000),
    parts=st.lists(st.tuples(amounts, amounts, amounts, st.booleans()), max_size=6),
    data=st.data(),
)
def test_no_cent_is_lost_and_no_debt_gets_more_than_is_open_on_it(amount, parts, data) -> None:
    debts = [
        Debt(ref=str(i), principal_cents=p, interest_cents=n, fees_cents=f, disputed=d)
        for i, (p, n, f, d) in enumerate(parts)
    ]
    directed = data.draw(st.integers(0, amount))
    directions = {"0": directed} if debts else None
    answer = allocation.allocate(amount_cents=amount, debts=debts, directions=directions)
    assert sum(share.cents for share in answer.shares) + answer.unapplied_cents == amount
    given_to = Counter({(share.ref, share.component): share.cents for share in answer.shares})
    assert len(given_to) == len(answer.shares)
    for debt in debts:
        for component in Component:
            assert 0 <= given_to[debt.ref, component] <= (0 if debt.disputed else debt.open_cents(component))
    assert answer.unapplied_cents >= 0
