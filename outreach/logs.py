"""Logs as events. Personal data stays out: fields that may hold it are masked before anything is written."""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

from outreach.settings import Settings

#: never written in clear: words people wrote, addresses, names, secrets
_PRIVATE = frozenset(
    [
        "text",
        "body",
        "subject",
        "html",
        "address",
        "to",
        "sender",
        "name",
        "first_name",
        "last_name",
        "token",
        "link",
        "zip",
        "dob",
        "phone",
        "email",
    ]
)
_LOOKS_PRIVATE = re.compile(r"\+?\d[\d\s().-]{7,}\d|[\w.+-]+@[\w-]+\.[\w.]+|/(?:l|u)/[\w-]{20,}")


def _mask(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if name in _PRIVATE:
            event[name] = "***"
        elif isinstance(value, str) and name not in {"event", "timestamp", "level", "exception"}:
            event[name] = _LOOKS_PRIVATE.sub("***", value)
    return event


def configure(settings: Settings) -> None:
    """Once a process: level and format from settings; the web server's access log is off, since URLs carry tokens."""
    renderer = structlog.processors.JSONRenderer() if settings.log_format == "json" else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _mask,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[settings.log_level.upper()]),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("twilio").setLevel(logging.WARNING)
