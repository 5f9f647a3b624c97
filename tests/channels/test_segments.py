"""What a text costs, against the provider's published calculator and the standard's edges."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.segments import count

#: text, segments, encoding as sms-segments-calculator 1.3.0 (MIT) counts them
GOLDEN = json.loads((Path(__file__).parent / "segments.json").read_text(encoding="utf-8"))

EDGES = [
    ("", 1, "GSM-7"),
    ("a" * 160, 1, "GSM-7"),
    ("a" * 161, 2, "GSM-7"),
    ("a" * 306, 2, "GSM-7"),
    ("a" * 307, 3, "GSM-7"),
    ("€" * 80, 1, "GSM-7"),  # behind an escape: two septets each
    ("€" * 81, 2, "GSM-7"),
    ("a" * 152 + "€" + "b" * 153, 3, "GSM-7"),  # an escape is never split: the first part ends one short
    ("á" * 70, 1, "UCS-2"),
    ("á" * 71, 2, "UCS-2"),
    ("😀" * 35, 1, "UCS-2"),  # two UTF-16 units each
    ("😀" * 36, 2, "UCS-2"),
    ("😀" * 67, 3, "UCS-2"),  # 33 pairs fit in a part of 67, one unit is left over
]


@pytest.mark.parametrize(("text", "segments", "encoding"), EDGES)
def test_the_edges_of_the_standard(text, segments, encoding):
    assert (count(text).segments, count(text).encoding) == (segments, encoding)


def test_the_count_equals_the_providers_own_calculator():
    wrong = [row for row in GOLDEN if (count(row[0]).segments, count(row[0]).encoding) != tuple(row[1:])]
    assert not wrong


@given(st.text(max_size=400), st.text(max_size=40))
def test_a_longer_text_never_costs_less_and_none_costs_nothing(text, more):
    assert 1 <= count(text).segments <= count(text + more).segments


def test_what_makes_a_text_expensive_is_named():
    assert count("It’s “fine” 😀 ’").offending == ("’", "“", "”", "😀")
