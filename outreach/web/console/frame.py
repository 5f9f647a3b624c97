"""The frame of every console page: navigation by role, the keys, and how times and people are written."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from fastapi.responses import HTMLResponse

from outreach.reports.activity import OFFICE_ZONE
from outreach.web import pages, words
from outreach.web.console import vocabulary
from outreach.web.console.guard import Desk

#: address, name, the act that opens it, the key after `g`
PLACES = (
    ("/console/queue", "Queue", "cases.read", "q"),
    ("/console/promises", "Promises", "cases.read", "m"),
    ("/console/campaigns", "Campaigns", "campaigns.read", "c"),
    ("/console/unrouted", "Unrouted", "cases.read", "u"),
    ("/console/decisions", "Decisions", "audit.read", "d"),
    ("/console/rules", "Rules", "cases.read", "l"),
    ("/console/audit", "Audit", "audit.read", "a"),
    ("/console/reports", "Reports", "reports.read", "r"),
    ("/console/reader", "Reader", "reader.tend", "e"),
    ("/console/lanes", "Lanes", "switches.throw", "s"),
    ("/console/users", "Users", "users.manage", "p"),
    ("/console/systems", "Systems", "partners.manage", "y"),
)


def places(desk: Desk) -> list[tuple[str, str, str]]:
    """What this colleague's role opens: address, name, key."""
    return [(url, name, key) for url, name, act, key in PLACES if desk.may(act)]


def when(at: datetime | None, *, now: datetime, zone: str = OFFICE_ZONE) -> str:
    """A moment on the office's clock (or the zone given): 10:32 today, else with its day."""
    if at is None:
        return ""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    clock = f"{local.hour % 12 or 12}:{local:%M} {'pm' if local.hour >= 12 else 'am'}"
    if local.date() == today:
        return clock
    return f"{local:%b} {local.day}{'' if local.year == today.year else f', {local.year}'}, {clock}"


def span(length: timedelta) -> str:
    """A length in its two largest units: 3 d 4 h, 12 min, 40 s."""
    seconds = int(abs(length.total_seconds()))
    parts = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
    told = [f"{n} {unit}" for n, unit in parts if n]
    return " ".join(told[: 1 if seconds < 3600 else 2]) or "0 s"


def due(at: datetime, *, now: datetime) -> dict[str, str]:
    """How a promise stands: its words, its tone and its icon, so that colour is never alone."""
    left = at - now
    if left < timedelta():
        return {"words": f"{span(left)} late", "tone": "wrong", "icon": "alert"}
    if left <= timedelta(hours=1):
        return {"words": f"{span(left)} left", "tone": "care", "icon": "clock"}
    return {"words": f"{span(left)} left", "tone": "calm", "icon": "clock"}


def masked(address: str) -> str:
    """Enough to recognise a number or mailbox, not enough to use it."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}•••@{domain}" if at else f"••• {address[-4:]}"


def page(desk: Desk, template: str, *, status: int = 200, fragment: str = "", **values: Any) -> HTMLResponse:
    """A console page, whole or one block of it. The console speaks English whatever the browser asks for."""
    given: dict[str, Any] = {
        "lang": "en",
        "t": words.speaker("en"),
        "day": partial(words.day, language="en"),
        "user": desk.user,
        "may": desk.may,
        "places": places(desk),
        "here": desk.request.url.path,
        "now": desk.now,
        "when": partial(when, now=desk.now),
        "due": partial(due, now=desk.now),
        "ago": lambda at: span(desk.now - at),
        "masked": masked,
        "say": vocabulary.say,
        "tone": vocabulary.tone,
        "who": vocabulary.who,
        "telling": vocabulary.TELLING,
        "event_icon": vocabulary.event_icon,
        "later": lambda text: bool(text) and datetime.fromisoformat(text) > desk.now,
        "when_iso": lambda text: when(datetime.fromisoformat(text), now=desk.now) if text else "",
        "pretty": lambda value: json.dumps(value, indent=2, ensure_ascii=False, default=str),
        "problem": None,
        "office_zone": OFFICE_ZONE,
    }
    answer = pages.render(desk.request, f"console/{template}", status=status, fragment=fragment, **(given | values))
    answer.headers["Content-Language"] = "en"
    return answer
