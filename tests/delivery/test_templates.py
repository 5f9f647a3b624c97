"""Every message template is complete and fit to leave."""

from __future__ import annotations

import pytest

from outreach.messages import lint, wording


@pytest.mark.parametrize("name", wording.names())
def test_is_in_order(name: str) -> None:
    assert [f"{p.part}: {p.problem}" for p in lint.lint(name)] == []


def test_a_subject_never_tells_of_a_debt() -> None:
    subjects = [
        lint.sample(name, medium="email", language=lang).subject for name in wording.names() for lang in ("en", "es")
    ]
    assert not [
        s for s in subjects if any(word in s.lower() for word in ("debt", "balance", "owe", "deuda", "saldo", "$"))
    ]


def test_a_shortener_is_named() -> None:
    assert lint._SHORTENERS.search("see https://bit.ly/x")
