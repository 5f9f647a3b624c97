"""What mail systems' replies and status codes mean for us: `codes.yaml` as a table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Any

import yaml

from channels.contract import Busy, FailureClass, Misconfigured, Refused, SendError

ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
WAIT = re.compile(r"(?:again|retry|wait|in)\D{0,24}?(\d{1,5})\s*(s|sec|min|m|h|hour)", re.IGNORECASE)
UNITS = {"s": 1, "m": 60, "h": 3600}
#: the recipient's mail system or the way to it, not the mailbox (RFC 3463 3.4, 3.5)
BEYOND = ("4.3.", "4.4.")
#: a relay that is busy without saying how long
AGAIN = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Meaning:
    failure: FailureClass
    reason: str


def enhanced(text: str) -> str:
    """The first enhanced status code in a reply or report, "" when there is none."""
    found = ENHANCED.search(text)
    return found[0] if found else ""


def meaning(*, status: str = "", reply: int = 0) -> Meaning:
    """By enhanced status code where it says something, else by reply code. Never fails."""
    table = _table()
    row = None
    if status and not status.endswith(".0.0"):
        parts = status.split(".")
        keys = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
        row = next((table["enhanced"][key] for key in keys if key in table["enhanced"]), None)
    if row is None:
        row = table["replies"].get(reply) or table["enhanced"]["4" if 400 <= reply < 500 else "5.0"]
    return Meaning(FailureClass(row["class"]), row["reason"])


def refusal(reply: int, said: str) -> SendError:
    """The error for a mail that the relay certainly did not take."""
    status = enhanced(said)
    code, found = status or str(reply), meaning(status=status, reply=reply)
    if 400 <= reply < 500:
        beyond = reply != 421 and status.startswith(BEYOND)
        return Busy(found.reason, after=_wait(said), code=code, everyone=reply == 421, system=beyond)
    if found.failure is FailureClass.SENDER:
        return Misconfigured(found.reason, code=code)
    return Refused(found.reason, failure=found.failure, code=code)


def _wait(said: str) -> timedelta:
    """Greylisting servers say when to come back."""
    found = WAIT.search(said)
    return timedelta(seconds=int(found[1]) * UNITS[found[2][0].lower()]) if found else AGAIN


@cache
def _table() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(resources.files(__package__).joinpath("codes.yaml").read_text("utf-8"))
    return loaded
