from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.money import cents


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1234.56", 123_456),
        ("1,234.56", 123_456),
        ("$1,234,567.00", 123_456_700),
        (" 12 ", 1_200),
        ("0.01", 1),
        ("12.5", 1_250),  # as a spreadsheet writes 12.50
        ("-25.00", -2_500),
        ("-$25", -2_500),
    ],
)
def test_amounts_people_write_are_read(written, expected) -> None:
    assert cents.parse(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "",
        "1,23.45",  # a group of two
        "1.234,56",  # another country's writing
        "1234,56",
        "12.",
        "12.345",
        "1e3",
        "NaN",
        "٣٤",  # digits, but nobody here can check them
        "--5",
        "5 USD",
        "10000000000.00",  # ten billion
        "9" * 5000,  # Python refuses to read numbers this long
    ],
)
def test_anything_else_is_refused_in_a_sentence(written) -> None:
    with pytest.raises(cents.NotMoneyError, match="is not an amount of money: write it as"):
        cents.parse(written)


@given(st.integers(min_value=-cents.TOO_MUCH + 1, max_value=cents.TOO_MUCH - 1))
def test_what_is_shown_reads_back(amount) -> None:
    assert cents.parse(cents.show(amount)) == amount


@pytest.mark.parametrize(
    ("amount", "shown"), [(123_456, "$1,234.56"), (5, "$0.05"), (-123_450, "-$1,234.50"), (0, "$0.00")]
)
def test_money_is_shown_as_the_specification_says(amount, shown) -> None:
    assert cents.show(amount) == shown
