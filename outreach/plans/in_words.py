"""A plan in one sentence, for messages: the figures of the row, in the person's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outreach.messages import phrases

_OFTEN = {
    "en": {
        "weekly": "weekly",
        "biweekly": "every two weeks",
        "semimonthly": "twice a month",
        "monthly": "monthly",
        "quarterly": "every three months",
    },
    "es": {
        "weekly": "cada semana",
        "biweekly": "cada dos semanas",
        "semimonthly": "dos veces al mes",
        "monthly": "cada mes",
        "quarterly": "cada tres meses",
    },
}
_SENTENCE = {
    "en": "{count} payments of {amount}, {often}, from {first}{last}",
    "es": "{count} pagos de {amount}, {often}, desde el {first}{last}",
}
_LAST = {"en": ", the last {last}", "es": ", el último de {last}"}


def schedule(plan: Mapping[str, Any], language: str) -> str:
    """ "11 payments of $60.00, monthly, from April 1, 2026, the last $12.40"."""
    language = language if language in _SENTENCE else "en"
    smaller = plan["last_cents"] not in (None, plan["amount_cents"])
    return _SENTENCE[language].format(
        count=plan["count"],
        amount=phrases.money(plan["amount_cents"]),
        often=_OFTEN[language][plan["frequency"]],
        first=phrases.day(plan["first_date"], language),
        last=_LAST[language].format(last=phrases.money(plan["last_cents"])) if smaller else "",
    )


def confirmation(plan: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The values of the `plan_confirmation` message."""
    return {
        "plan_id": plan["id"],
        "plan_reference": f"P-{plan['id']}",
        "schedule": schedule(plan, language),
        "total": phrases.money(plan["total_cents"]),
    }
