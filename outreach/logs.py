"""Logs as events. Personal data stays out: fields that may hold it are masked before anything is written."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any

import psycopg
import structlog

from outreach.errors import OutreachError
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
        elif isinstance(value, str) and name not in {"timestamp", "level"}:
            event[name] = _LOOKS_PRIVATE.sub("***", value)
    return event


#: exceptions whose words are about machines; the others' may quote what they choked on: a row, a text, an address
_SPEAKABLE = (OSError, OutreachError, psycopg.OperationalError)


def places(error: BaseException) -> Iterator[str]:
    """An exception and its causes as types and places: enough to find the line, without the data it stumbled over."""
    said = f": {error}" if isinstance(error, _SPEAKABLE) else ""
    yield f"{type(error).__name__}{said}"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} {frame.name}"
    for inner in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from places(inner)
    if cause := error.__cause__ or (None if error.__suppress_context__ else error.__context__):
        yield from places(cause)


def _told(exc_info: Any) -> str:
    return "\n".join(places(exc_info[1]))


def configure(settings: Settings) -> None:
    """Once a process: level and format from settings; the web server's access log is off, since URLs carry tokens.

    Libraries' own warnings take the same way out, so that nothing is written unmasked or in another format.
    """
    renderer = structlog.processors.JSONRenderer() if settings.log_format == "json" else structlog.dev.ConsoleRenderer()
    first: list[Any] = [structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]
    last: list[Any] = [structlog.processors.ExceptionRenderer(_told), _mask, renderer]
    structlog.configure(
        processors=[*first, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[settings.log_level.upper()]),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=first,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("twilio").setLevel(logging.WARNING)
