"""The campaign file: YAML or JSON in, a validated definition out, every mistake named with what is allowed."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

import yaml
from apscheduler.triggers.cron import CronTrigger
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from outreach.accounts.models import Relationship
from outreach.errors import OutreachError

Medium = Literal["sms", "email"]
Stop = Literal["replied", "paid", "plan_agreed"]


class DefinitionError(OutreachError):
    """The campaign file is not right."""


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone; write it as America/New_York") from None
    return name


Words = Annotated[list[Annotated[str, Field(min_length=1)]], BeforeValidator(_listed), Field(min_length=1)]
Money = Annotated[Decimal, Field(ge=0, decimal_places=2)]
Days = Annotated[int, Field(ge=0, le=36_500)]
Rate = Annotated[float, Field(gt=0, le=100_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Audience(_Strict):
    """Who is meant; every key narrows. `{}` is everyone with an open debt. Balances and dates are of single debts."""

    creditor: Words | None = None
    relationship: Annotated[list[Relationship], BeforeValidator(_listed)] | None = None
    debt_type: Words | None = None
    min_balance: Money | None = None
    max_balance: Money | None = None
    min_days_since_default: Days | None = None
    max_days_since_default: Days | None = None
    placed_within_days: Days | None = None
    refs: Words | None = None
    state: Words | None = None
    language: Words | None = None
    has: Annotated[list[Medium], BeforeValidator(_listed)] | None = None
    not_contacted_days: Days | None = None


class Step(_Strict):
    template: str
    channel: Literal["sms", "email", "preferred"]
    #: days after the person entered the campaign
    after_days: Annotated[int, Field(ge=0, le=365)] = 0


class Schedule(_Strict):
    """Exactly one of `at` and `cron`; cron needs its zone."""

    at: Literal["now"] | AwareDatetime | None = None
    cron: str | None = None
    timezone: Annotated[str, AfterValidator(_zone)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Schedule:
        if (self.at is None) == (self.cron is None):
            raise ValueError("write either at or cron")
        if self.cron is not None:
            if self.timezone is None:
                raise ValueError("cron needs a timezone, as in America/New_York")
            _trigger(self.cron, self.timezone)
        return self

    def first(self, now: datetime) -> datetime:
        """When it starts if launched now."""
        if self.at is not None:
            return now if self.at == "now" else max(now, self.at)
        return self.after(now) or now

    def after(self, moment: datetime) -> datetime | None:
        """The next occurrence strictly after a moment; None: there is none."""
        if self.cron is None or self.timezone is None:
            return None
        following: datetime | None = _trigger(self.cron, self.timezone).get_next_fire_time(moment, moment)
        return following.astimezone(UTC) if following else None


def _trigger(cron: str, timezone: str) -> CronTrigger:
    try:
        return CronTrigger.from_crontab(cron, timezone=ZoneInfo(timezone))
    except ValueError as error:
        raise ValueError(f"{cron!r} is no cron expression of five fields: {error}") from None


class RateCaps(_Strict):
    """A second, over the whole cluster; SMS in segments."""

    sms: Rate | None = None
    email: Rate | None = None


class Brakes(_Strict):
    """Percent of the newest sends at which the campaign pauses itself."""

    opt_out_percent: Annotated[float, Field(gt=0, le=100)] = 3.0
    failure_percent: Annotated[float, Field(gt=0, le=100)] = 5.0


class Definition(_Strict):
    name: Annotated[str, Field(pattern=r"^\S(.{0,78}\S)?$")]
    audience: Audience = Audience()
    steps: Annotated[list[Step], Field(min_length=1, max_length=20)]
    stop_when: list[Stop] = list(get_args(Stop))
    schedule: Schedule = Schedule(at="now")
    rate: RateCaps = RateCaps()
    pause_when: Brakes = Brakes()

    @model_validator(mode="after")
    def _in_order(self) -> Definition:
        days = [step.after_days for step in self.steps]
        if days != sorted(days):
            raise ValueError("steps stand in the order of their after_days")
        return self

    def version(self, templates: Mapping[str, str]) -> str:
        """SHA-256 over the definition and the template versions it will speak with: what an approval binds."""
        said = json.dumps([self.model_dump(mode="json"), dict(templates)], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def read(text: str) -> Definition:
    """A definition from YAML (JSON is YAML). Raises DefinitionError with a sentence for every mistake."""
    try:
        plain = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise DefinitionError(f"The file is neither YAML nor JSON: {' '.join(str(error).split())}") from None
    if not isinstance(plain, dict):
        raise DefinitionError("A campaign file is a map with name, audience, steps, stop_when, schedule and rate.")
    return validate(plain)


def validate(plain: Mapping[str, Any]) -> Definition:
    try:
        return Definition.model_validate(plain)
    except ValidationError as error:
        told = dict.fromkeys(_sentence(dict(e)) for e in error.errors())
        raise DefinitionError("The campaign file is not right: " + "; ".join(told) + ".") from None


_MODELS: dict[str, type[BaseModel]] = {
    "audience": Audience,
    "steps": Step,
    "schedule": Schedule,
    "rate": RateCaps,
    "pause_when": Brakes,
}


def _sentence(error: dict[str, Any]) -> str:
    place = [
        str(part) for part in error["loc"] if not str(part).startswith(("function-", "literal", "list[", "datetime"))
    ]
    where = ".".join(place)
    if error["type"] == "extra_forbidden":
        allowed = list(_MODELS.get(place[0], Definition).model_fields if len(place) > 1 else Definition.model_fields)
        near = difflib.get_close_matches(place[-1], allowed, n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        return f"{where} is unknown{hint}; allowed are {', '.join(allowed)}"
    if error["type"] == "missing":
        return f"{where} is missing"
    if error["type"] == "string_pattern_mismatch" and where == "name":
        return "name is one line of at most 80 characters"
    reason = str(error["msg"]).removeprefix("Value error, ")
    return f"{where}: {reason}" if where else reason
