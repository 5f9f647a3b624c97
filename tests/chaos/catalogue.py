"""Every trouble delivery must withstand, with its size in every run and on demand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from channels.carrier import Faults
from tests.chaos import kills
from tests.chaos.world import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    name: str
    run: Callable[..., Awaitable[list[Verdict]]]
    #: arguments of `run` in every test run, and on demand
    quick: Mapping[str, Any]
    full: Mapping[str, Any]
    faults: Faults = field(default_factory=Faults)
    settings: Mapping[str, str] = field(default_factory=dict)


TROUBLES = (
    Trouble(
        name="killed workers",
        run=kills.killed_workers,
        quick={"messages": 300, "kills": 4},
        full={"messages": 3000, "kills": 10},
        faults=kills.FAULTS,
    ),
)
