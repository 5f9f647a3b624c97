"""What Twilio's error codes mean for us: `codes.yaml` as a table. Facts and reasons in docs/channels.md."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Any

import yaml

from channels.contract import Busy, FailureClass, Misconfigured, OptedOut, Refused, SendError, Unsure

log = logging.getLogger(__name__)

#: a throttled message without a time of its own in the table
AGAIN = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    code: int
    failure: FailureClass | None  #: None: nobody knows whether the message left
    reason: str
    after: timedelta | None = None
    country_only: bool = False  #: the refusal concerns one country, not the whole sender
    review: bool = False  #: a person should look at it
    known: bool = True  #: False: taken from its range, raise an alert


def meaning(code: int) -> Meaning:
    """Never fails: a code nobody has seen takes the class of its range."""
    table = _table()
    row = table["codes"].get(code)
    if row is not None:
        return _meaning(code, row, known=True)
    log.warning("twilio code %s is not in codes.yaml", code)
    ranges = (row for row in table["ranges"] if row["from"] <= code <= row["to"])
    return _meaning(code, next(ranges, table["default"]), known=False)


def refusal(code: int, *, said: str = "") -> SendError:
    """The error for a request that Twilio turned down with this code; `said` is Twilio's own sentence."""
    found = meaning(code)
    reason, mark = found.reason if found.known or not said else said, str(code)
    match found.failure:
        case None:
            return Unsure(reason, code=mark)
        case FailureClass.OPT_OUT:
            return OptedOut(reason, code=mark)
        case FailureClass.THROTTLE:
            return Busy(reason, after=found.after or AGAIN, code=mark)
        case FailureClass.SENDER if not found.country_only:
            return Misconfigured(reason, code=mark)
        case failure:
            return Refused(reason, failure=failure, code=mark)


@cache
def _table() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(resources.files(__package__).joinpath("codes.yaml").read_text("utf-8"))
    return loaded


def _meaning(code: int, row: Mapping[str, Any], *, known: bool) -> Meaning:
    return Meaning(
        code=code,
        failure=None if row["class"] == "unknown" else FailureClass(row["class"]),
        reason=row["reason"],
        after=timedelta(seconds=row["after"]) if "after" in row else None,
        country_only=row.get("scope") == "country",
        review=row.get("review", False),
        known=known,
    )
