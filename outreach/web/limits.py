"""Guessing made useless: too many events from one address, and it waits. In this process's memory: a wall, not a record.

A link's 256 bits are safe without it (S4); it keeps guessers from costing anything.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping

from fastapi import Request

from outreach.errors import OutreachError

#: what is counted -> at most so many from one address (or from `who`) in so many seconds
LIMITS: Mapping[str, tuple[int, float]] = {
    "dead_link": (30, 300.0),
    "new_link": (20, 600.0),
    "dead_key": (30, 300.0),
    "api": (600, 60.0),
}
#: memory stays bounded however many addresses come: the one quiet for longest is forgotten
ADDRESSES = 10_000


class TooManyError(OutreachError):
    """That was very often. Wait a few minutes and try again."""

    status = 429


class Limits:
    """The counters of one application (`app.state.limits`)."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], deque[float]] = {}

    def check(self, what: str, request: Request, *, who: str = "") -> None:
        """Raises TooManyError for an address, or `who`, that used up its events."""
        if len(self._recent(what, who or _address(request))) >= LIMITS[what][0]:
            raise TooManyError

    def count(self, what: str, request: Request, *, who: str = "") -> None:
        who = who or _address(request)
        recent = self._recent(what, who)
        recent.append(time.monotonic())
        self._seen.pop((what, who), None)
        self._seen[what, who] = recent
        while len(self._seen) > ADDRESSES:
            del self._seen[next(iter(self._seen))]

    def _recent(self, what: str, who: str) -> deque[float]:
        most, seconds = LIMITS[what]
        recent = self._seen.get((what, who), deque(maxlen=most))
        while recent and recent[0] < time.monotonic() - seconds:
            recent.popleft()
        return recent


def of(request: Request) -> Limits:
    found: Limits = request.app.state.limits
    return found


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
