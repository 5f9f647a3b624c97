"""When work is due: house timers declared beside a job, and timers the application keeps in rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from scheduler.jobs import Job

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Timer:
    """One moment at which one job is due. The same key and moment tick once, whoever asks how often."""

    key: str
    job: str
    at: datetime  #: aware, on the service's clock
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Repeating:
    """A house timer. Its moments depend on nothing but itself, so that every clock computes the same ones."""

    job: str
    trigger: BaseTrigger

    def after(self, moment: datetime) -> Timer:
        """The next moment strictly after this one."""
        return Timer(f"house:{self.job}", self.job, self.trigger.get_next_fire_time(moment, moment))


_house: dict[str, Repeating] = {}


def every(*, seconds: int) -> Callable[[Job], Job]:
    """Counted from a fixed day, not from the start of the process."""
    return _declare(IntervalTrigger(seconds=seconds, start_date=_EPOCH, timezone=UTC))


def cron(expression: str, *, timezone: str) -> Callable[[Job], Job]:
    """Five fields, as in crontab: `cron("0 3 * * *", timezone="America/New_York")`."""
    return _declare(CronTrigger.from_crontab(expression, timezone=ZoneInfo(timezone)))


def house() -> list[Repeating]:
    return list(_house.values())


def _declare(trigger: BaseTrigger) -> Callable[[Job], Job]:
    def declare(job: Job) -> Job:
        _house[job.name] = Repeating(job.name, trigger)
        return job

    return declare
