"""What the pages say, in every language: TOML under `templates/`, one file a subject, both languages side by side.

    [plan]
    title.en = "Set up a plan"
    title.es = "Hacer un plan"

is `t("plan.title")`. A missing key or language is an error, never an empty place on a page.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from outreach.messages import phrases

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
#: language -> its own name
LANGUAGES = {"en": "English", "es": "Español"}

_WEEKDAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "es": ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
}


@lru_cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """`"plan.title"` -> language -> words, of every `words/*.toml` under the templates."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(TEMPLATES.glob("*/words/*.toml")):
        _flatten(tomllib.loads(path.read_text(encoding="utf-8")), "", found)
    return found


def _flatten(tree: Mapping[str, Any], prefix: str, into: dict[str, dict[str, str]]) -> None:
    for key, value in tree.items():
        if key in LANGUAGES and isinstance(value, str):
            into.setdefault(prefix, {})[key] = value
        else:
            _flatten(value, f"{prefix}.{key}" if prefix else key, into)


def speaker(language: str) -> Callable[..., str]:
    """`t(key, **values)` for one language. Raises KeyError for words nobody wrote."""

    def t(key: str, **values: Any) -> str:
        words = catalogue()[key][language]
        return words.format(**values) if values else words

    return t


def day(value: date, language: str, *, weekday: bool = False) -> str:
    """A day as messages write it, with its weekday where someone plans by it."""
    written = phrases.day(value, language)
    return f"{_WEEKDAYS[language][value.weekday()]}, {written}" if weekday else written


def moment(value: datetime, language: str, zone: str) -> str:
    """A moment as read on the person's own clock."""
    local = value.astimezone(ZoneInfo(zone))
    half = ("a. m.", "p. m.") if language == "es" else ("a.m.", "p.m.")
    hour = f"{local.hour % 12 or 12}:{local.minute:02d} {half[local.hour >= 12]}"
    return f"{day(local.date(), language)}, {hour}"


def preferred(accept_language: str) -> str:
    """The first language of an Accept-Language header that we speak; else English."""
    for item in accept_language.split(","):
        code = item.partition(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return "en"
