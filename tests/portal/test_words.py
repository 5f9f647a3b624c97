"""Every word of the portal, in both languages: complete, used, plain, and never what dialog-spec section 8 forbids."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from outreach.web import words

TEMPLATES = words.TEMPLATES
KEYS = sorted(key for key in words.catalogue() if not key.startswith("console"))
#: keys built from a value: "plan.every_" ~ frequency
BUILT = re.compile(r't\("([a-z_.]+)" ~')
SAID = re.compile(r'\bt\(\s*"([a-z_0-9]+\.[a-z_0-9]+)"')
CHOSEN = re.compile(r'"([a-z_]+\.[a-z_0-9]+)"')
#: dialog-spec section 8, quality-bars U5: nothing that hurries, threatens, shames, begs or talks like a form
NEVER = {
    "en": r"\b(please|sorry|invalid|valid|failed|immediately|urgent|act now|final notice|legal action|garnish\w*|arrest\w*"
    r"|seiz\w*|must pay|lawsuit|credit score|credit report|e\.g\.|i\.e\.|etc\.|delinquen\w*|overdue)\b",
    "es": r"\b(por favor|lo sentimos|inválid\w*|válid\w*|urgente|último aviso|acción legal|embarg\w*|arrest\w*"
    r"|demanda judicial|moros\w*|puntaje de crédito)\b",
}


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_key_is_written_with_the_same_blanks(language: str) -> None:
    for key in KEYS:
        said = words.catalogue()[key]
        assert said.keys() == words.LANGUAGES.keys(), f"{key} lacks a language"
        blanks = {spoken: {name for _, name, _, _ in Formatter().parse(text) if name} for spoken, text in said.items()}
        assert blanks[language] == blanks["en"], f"{key} has other blanks in {language}"


def test_every_word_a_template_asks_for_exists() -> None:
    for path in [*TEMPLATES.glob("portal/**/*.html"), *TEMPLATES.glob("*.html"), *TEMPLATES.glob("macros/*.html")]:
        source = path.read_text(encoding="utf-8")
        for key in SAID.findall(source):
            if f'"{key}" ~' not in source:
                assert key in words.catalogue(), f"{path.name} asks for {key}"
        for prefix in BUILT.findall(source):
            assert any(key.startswith(prefix) for key in KEYS), f"{path.name} builds keys from {prefix}"


def test_no_word_is_written_for_nobody() -> None:
    code = [*TEMPLATES.glob("**/*.html"), *(TEMPLATES.parent / "outreach/web").glob("**/*.py")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in code)
    built = tuple(BUILT.findall(source)) + tuple(re.findall(r't\(f"([a-z_.]+)\{', source))
    asked = set(CHOSEN.findall(source))
    unused = [key for key in KEYS if key not in asked and not key.startswith(built)]
    assert unused == []


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_nothing_hurries_threatens_or_shames(language: str) -> None:
    for key in KEYS:
        found = re.search(NEVER[language], words.catalogue()[key][language], re.IGNORECASE)
        assert found is None, f"{key} says {found}"


def test_the_portal_reads_at_grade_seven_or_below() -> None:
    """Flesch-Kincaid over all sentences of each subject."""
    subjects: dict[str, list[str]] = {}
    for key in KEYS:
        subjects.setdefault(key.partition(".")[0], []).append(words.catalogue()[key]["en"])
    grades = {
        subject: _grade(" ".join(s if s[-1] in ".?!:" else s + "." for s in said)) for subject, said in subjects.items()
    }
    assert {subject: grade for subject, grade in grades.items() if grade > 7} == {}


def _grade(text: str) -> float:
    sentences = len(re.findall(r"[.?!:]+(?:\s|$)", text)) or 1
    spoken = re.findall(r"[A-Za-z']+", re.sub(r"\{\w+\}|www\S+", "it", text))
    return round(0.39 * len(spoken) / sentences + 11.8 * sum(map(_syllables, spoken)) / len(spoken) - 15.59, 1)


def _syllables(word: str) -> int:
    plain = re.sub(r"(?:[^laeiouy]es|ed|[^laeiouy]e)$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]{1,2}", plain)))
