"""A lawful validation notice passes in either language and in both; without any one of its items it is withheld for that item."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from outreach.compliance import Words, review

TABLE = yaml.safe_load(Path(__file__).with_name("notices.yaml").read_text(encoding="utf-8"))
#: Each notice by itself, without one of its items, with two items of the form changed round.
PIECES = [(name, item) for name, notice in TABLE.items() for item in notice["said"] if item != "other"]


def _missed(text: str, *languages: str, **over: Any) -> set[str]:
    said = Words(**{"purpose": "validation_notice", "medium": "mail", "text": text, "languages": languages, **over})
    return {f"{finding.rule}: {finding.reason}" for finding in review(said)}


def _text(name: str, *, without: str = "") -> str:
    return " ".join(words for item, words in TABLE[name]["said"].items() if item != without)


@pytest.mark.parametrize("name", TABLE)
def test_a_lawful_notice_passes(name: str) -> None:
    assert _missed(_text(name), TABLE[name]["language"]) == set()


@pytest.mark.parametrize(("name", "item"), PIECES, ids=[f"{n}-{i}" for n, i in PIECES])
def test_without_one_item_it_is_withheld_for_that(name: str, item: str) -> None:
    missed = _missed(_text(name, without=item), TABLE[name]["language"])
    assert len(missed) == 1
    assert item in missed.pop()


@pytest.mark.parametrize("name", TABLE)
def test_a_blank_amount_is_no_amount(name: str) -> None:
    for item in ("interest", "fees", "payments"):
        said = TABLE[name]["said"]
        blank = {**said, item: said[item].split(":")[0] + ": ."}
        assert any(item in each for each in _missed(" ".join(blank.values()), TABLE[name]["language"]))


@pytest.mark.parametrize("name", TABLE)
def test_the_forms_prompts_keep_their_order(name: str) -> None:
    form = TABLE[name]["said"]["order"]
    first, *rest, last = form.split("|")
    turned = _text(name, without="order") + " ".join([last, *rest, first])
    assert any("in their order" in each for each in _missed(turned.replace("|", " "), TABLE[name]["language"]))


def test_each_language_of_a_notice_is_whole() -> None:
    english, spanish = _text("english"), _text("spanish")
    assert _missed(f"{english} {spanish}", "en", "es") == set()
    short = _text("spanish", without="original creditor")
    assert _missed(f"{english} {short}", "en", "es") == {
        "VAL-02: The notice leaves out that the original creditor may be asked for, in es."
    }


def test_an_electronic_notice_says_how_to_dispute_electronically() -> None:
    mail = {"medium": "email", "subject": "Fairview Medical, reference ending 4821"}
    for name, language, way, stop in (
        ("english", "en", "You may dispute electronically at www.example.test/dispute.", "Unsubscribe here."),
        ("spanish", "es", "Puede disputar la deuda en línea en www.example.test/disputa.", "Para darse de baja, escriba aquí."),
    ):  # fmt: skip
        text = f"{_text(name)} {stop}"
        assert {each[:6] for each in _missed(text, language, **mail)} == {"VAL-02"}
        assert _missed(f"{text} {way}", language, **mail) == set()
