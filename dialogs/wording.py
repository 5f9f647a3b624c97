"""Reply templates: compiled once, checked, rendered with money and days as people write them, notices added."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

from dialogs.turn import Say

LANGUAGES = ("en", "es")
NOTICES: dict[str, dict[str, str]] = {
    "D1": {
        "en": "This communication is from a debt collector. This is an attempt to collect a debt and any information "
        "obtained will be used for that purpose.",
        "es": "Esta comunicación es de un cobrador de deudas. Este es un intento de cobrar una deuda y toda información "
        "obtenida se usará con ese propósito.",
    },
    "D2": {"en": "This is from a debt collector.", "es": "Este mensaje es de un cobrador de deudas."},
    "D4": {
        "en": "The law limits how long you can be sued on a debt. Because of the age of your debt, we will not sue you "
        "for it.",
        "es": "La ley limita el tiempo durante el cual se le puede demandar por una deuda. Debido a la antigüedad de su "
        "deuda, no le demandaremos por ella.",
    },
}
#: D3 by medium; the web chat has no stop line, its page has the switch
STOP_LINES: dict[str, dict[str, str]] = {
    "sms": {"en": "Reply STOP to opt out.", "es": "Responda ALTO para no recibir más mensajes."},
    "email": {
        "en": "To stop these emails, reply with the word UNSUBSCRIBE.",
        "es": "Para no recibir más correos, responda con la palabra BAJA.",
    },
}
_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
}
_DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "es": "lunes martes miércoles jueves viernes sábado domingo".split(),
}
_OFTEN = {
    "en": {
        "daily": "every day",
        "weekly": "every week",
        "biweekly": "every two weeks",
        "semimonthly": "twice a month",
        "monthly": "every month",
        "quarterly": "every three months",
    },
    "es": {
        "daily": "cada día",
        "weekly": "cada semana",
        "biweekly": "cada dos semanas",
        "semimonthly": "dos veces al mes",
        "monthly": "cada mes",
        "quarterly": "cada tres meses",
    },
}


def money(cents: int) -> str:
    """`$1,234.56`, in both languages."""
    return f"${cents // 100:,}.{cents % 100:02d}"


def day(value: str, language: str) -> str:
    """`Friday, March 13, 2026` · `viernes 13 de marzo de 2026`."""
    when = date.fromisoformat(value)
    name, month = _DAYS[language][when.weekday()], _MONTHS[language][when.month - 1]
    return (
        f"{name} {when.day} de {month} de {when.year}"
        if language == "es"
        else f"{name}, {month} {when.day}, {when.year}"
    )


class Reply:
    """One folder of `templates/replies/`."""

    def __init__(self, folder: Path, environments: Mapping[str, SandboxedEnvironment]) -> None:
        about = tomllib.loads((folder / "values.toml").read_text(encoding="utf-8"))
        self.name = folder.name
        self.purpose: str = about.get("purpose", "reply")
        self.about_account: bool = about.get("about_account", False)
        self.asks_for_money: bool = about.get("money", False)
        self.stop_line: bool = about.get("stop_line", True)
        self.unverified: str | None = about.get("unverified")
        self.required: list[str] = about.get("required", [])
        self.samples: list[dict[str, Any]] = about.get("sample", [{}])
        self._texts: dict[str, Template] = {
            language: environments[language].from_string(
                (folder / f"text.{language}.txt").read_text(encoding="utf-8").strip()
            )
            for language in LANGUAGES
        }

    def render(self, language: str, values: Mapping[str, Any]) -> str:
        """Raises jinja2.UndefinedError for a missing value: a reply with a hole is never sent."""
        return " ".join(self._texts[language].render(**values).split(" ")).strip()


class Replies:
    """Every reply, by name."""

    def __init__(self, folder: Path) -> None:
        environments = {language: _environment(language) for language in LANGUAGES}
        self.by_name = {
            f.name: Reply(f, environments) for f in sorted(folder.iterdir()) if (f / "values.toml").is_file()
        }

    def say(
        self,
        parts: Sequence[Mapping[str, Any]],
        *,
        language: str,
        medium: str,
        verified: bool,
        first: bool,
        time_barred: bool,
    ) -> Say:
        """One reply of all parts. On an unverified channel whatever is about the account becomes its neutral stand-in."""
        chosen: list[tuple[Reply, Mapping[str, Any]]] = []
        for part in parts:
            reply, values = self.by_name[part["template"]], part["values"]
            if not verified and reply.about_account:
                reply = self.by_name[reply.unverified or "received"]
            if all(reply is not other for other, _ in chosen):
                chosen.append((reply, values))
        about = verified and any(r.about_account for r, _ in chosen)
        notices = [("D1" if first else "D2")] if about else []
        if about and time_barred and any(r.asks_for_money for r, _ in chosen):
            notices.append("D4")
        if medium in STOP_LINES and all(r.stop_line for r, _ in chosen):
            notices.append("D3")
        body = " ".join(r.render(language, v) for r, v in chosen)
        return Say(
            template=chosen[0][0].name,
            values={k: v for _, vs in chosen for k, v in vs.items()},
            language=language,
            notices=tuple(notices),
            text=" ".join([body, *(notice(n, language=language, medium=medium) for n in notices)]),
            about_account=about,
            purpose=chosen[0][0].purpose,
        )


def notice(name: str, *, language: str, medium: str) -> str:
    return STOP_LINES[medium][language] if name == "D3" else NOTICES[name][language]


def _environment(language: str) -> SandboxedEnvironment:
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)  # plain text, never HTML
    environment.filters["money"] = money
    environment.filters["day"] = lambda value: day(value, language)
    environment.filters["often"] = lambda value: _OFTEN[language].get(value, value)
    return environment
