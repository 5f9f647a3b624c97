"""The sentences law demands, and how money and days are written. Dialog-spec section 7 fixes the words of D1-D4."""

from __future__ import annotations

import calendar
import re
from datetime import date

INITIAL = {
    "en": "This communication is from a debt collector. This is an attempt to collect a debt and any information obtained will"
    " be used for that purpose.",
    "es": "Esta comunicación es de un cobrador de deudas. Este es un intento de cobrar una deuda y toda información obtenida se"
    " usará con ese propósito.",
}
SUBSEQUENT = {"en": "This is from a debt collector.", "es": "Este mensaje es de un cobrador de deudas."}
STOP_SMS = {"en": "Reply STOP to opt out.", "es": "Responda ALTO para no recibir más mensajes."}
STOP_EMAIL = {
    "en": 'To stop these emails, reply with "stop" or use the unsubscribe link.',
    "es": 'Para no recibir más correos, responda "alto" o use el enlace para darse de baja.',
}
TIME_BARRED = {
    "en": "The law limits how long you can be sued on a debt. Because of the age of your debt, we will not sue you for it.",
    "es": "La ley limita el tiempo durante el cual se le puede demandar por una deuda. Debido a la antigüedad de su deuda, no le"
    " demandaremos por ella.",
}
#: a stop line in other words than ours
SAYS_STOP = re.compile(
    r"\b(?:reply|text|write|send) (?:with the word )?(?:STOP|UNSUBSCRIBE)\b|\b(?:responda|escriba)\b.{0,20}\b(?:ALTO|BAJA)\b",
    re.I,
)
_LICENCE = {"en": "License no. {}.", "es": "Licencia núm. {}."}
_MONTHS_ES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
_MONTHS_EN = calendar.month_name[1:]


def disclosure(language: str, *, initial: bool) -> str:
    """12 CFR 1006.18(e)(1) the first time, (e)(2) afterwards, in the language of the message (e)(4)."""
    return (INITIAL if initial else SUBSEQUENT)[language]


def stop_line(language: str, medium: str) -> str:
    """12 CFR 1006.6(e): how to opt out, in every electronic message."""
    return (STOP_SMS if medium == "sms" else STOP_EMAIL)[language]


def licence(language: str, number: str) -> str:
    """Cal. Civ. Code 1788.11(f)."""
    return _LICENCE[language].format(number)


def money(cents: int) -> str:
    """`$1,234.56`, both languages (dialog-spec section 7)."""
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def day(value: date, language: str = "en") -> str:
    """ "March 11, 2026" or "11 de marzo de 2026": a month in words cannot be misread."""
    if language == "es":
        return f"{value.day} de {_MONTHS_ES[value.month - 1]} de {value.year}"
    return f"{_MONTHS_EN[value.month - 1]} {value.day}, {value.year}"
