"""Faults on demand, reproducible: what goes wrong with a message depends on the seed and the message, not on timing."""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator


class Fault(StrEnum):
    """`before`: nothing was taken. `after`: the message is accepted, but the client does not learn it."""

    # text messages
    REFUSE = "refuse"  #: a 4xx with `code`; mail: `code` as reply, at `at`
    THROTTLE = "throttle"  #: 429, with `Retry-After: seconds` unless seconds is 0
    ERROR_BEFORE = "error_before"  #: `status` (500), not accepted
    ERROR_AFTER = "error_after"  #: accepted, answered `status`
    HANG_BEFORE = "hang_before"  #: silent for `seconds`, not accepted
    HANG_AFTER = "hang_after"  #: accepted, silent for `seconds`
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    BROKEN_JSON = "broken_json"  #: accepted, answer cut in the middle
    HTML = "html"  #: accepted, answered by a proxy's page with status 200
    UNDELIVERED = "undelivered"  #: accepted, later `code` in a callback
    BACKLOG = "backlog"  #: held in the queue for `seconds`; dropped with 30036 when its validity ends before
    # mail
    DROP = "drop"  #: connection closed at `at`; `dot` = after the final dot, accepted
    HANG = "hang"  #: silent for `seconds` at `at`
    GREYLIST = "greylist"  #: 450 on the first try of each sender and recipient
    BOUNCE = "bounce"  #: accepted, a DSN with `status_code` follows after `seconds`


class Rule(BaseModel):
    """Which messages, how many of them, and what befalls them. The first rule that hits wins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fault: Fault
    share: float = Field(default=1.0, ge=0, le=1)  #: of the attempts that match
    to: str = ".*"  #: regular expression over the recipient, matched anywhere
    attempts: int = Field(default=0, ge=0)  #: only the first n attempts of each message; 0 = all
    code: int = 0  #: Twilio's code, or the SMTP reply code
    status: int = 500  #: HTTP status
    status_code: str = "5.1.1"  #: enhanced status code of a mail refusal or bounce
    reason: str = ""
    seconds: float = Field(default=30.0, ge=0)
    at: Literal["connect", "mail", "rcpt", "data", "dot"] = "dot"  #: the moment in an SMTP transaction

    @field_validator("to")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"{value!r} is not a regular expression: {error}") from error
        return value


class Callbacks(BaseModel):
    """What goes wrong with status callbacks, each a share of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    repeated: float = Field(default=0.0, ge=0, le=1)
    shuffled: float = Field(default=0.0, ge=0, le=1)
    late: float = Field(default=0.0, ge=0, le=1)
    late_seconds: float = Field(default=5.0, ge=0)
    lost: float = Field(default=0.0, ge=0, le=1)
    step_ms: tuple[float, float] = (20.0, 120.0)  #: between queued, sent and delivered


class Faults(BaseModel):
    """Everything that can be set. The default is a carrier on a good day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = 1
    latency_ms: tuple[float, float] = (0.0, 0.0)  #: before each answer to a text message or a final dot
    sms: tuple[Rule, ...] = ()
    mail: tuple[Rule, ...] = ()
    callbacks: Callbacks = Callbacks()

    @classmethod
    def read(cls, path: Path) -> Faults:
        """From YAML or JSON. Raises ValueError naming the line or field that is wrong."""
        try:
            return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
        except yaml.YAMLError as error:
            raise ValueError(f"{path} is neither YAML nor JSON: {error}") from error


class Dice:
    """Rolls for one message at a time; the n-th attempt of a message gets the same roll in every run of a seed."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self._seen: Counter[str] = Counter()

    def roll(self, kind: Literal["sms", "mail"], *, key: str, to: str) -> tuple[Rule | None, float]:
        """The fault that befalls this attempt, if any, and its latency in seconds."""
        self._seen[key] += 1
        chance = self.random(kind, key, str(self._seen[key]))
        latency = chance.uniform(*self.faults.latency_ms) / 1000
        for rule in getattr(self.faults, kind):
            hit = chance.random() < rule.share
            tried_enough = rule.attempts and self._seen[key] > rule.attempts
            if hit and not tried_enough and re.search(rule.to, to):
                return rule, latency
        return None, latency

    def random(self, *parts: str) -> Random:
        return Random(":".join((str(self.faults.seed), *parts)))  # noqa: S311  # repeatable on purpose
