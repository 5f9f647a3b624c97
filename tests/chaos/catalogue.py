"""Every trouble delivery must withstand, with its size in every run and on demand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from channels.carrier import Faults
from tests.chaos import (
    callbacks,
    frozen,
    heard,
    kills,
    outage,
    pause,
    poison,
    restarts,
    restore,
    rolling,
    soak,
    stop_race,
    storm,
)
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
        quick={"texts": 800, "mails": 200, "kills": 3},
        full={"texts": 20_000, "mails": 3000, "kills": 50},
        faults=kills.FAULTS,
    ),
    Trouble(
        name="database restarts",
        run=restarts.database_restarts,
        quick={"messages": 150, "restarts": 2},
        full={"messages": 5000, "restarts": 20},
        faults=restarts.FAULTS,
        settings=restarts.SETTINGS,
    ),
    Trouble(
        name="outage",
        run=outage.outage,
        quick={"messages": 250, "seconds": 4.0},
        full={"messages": 6000, "seconds": 60.0},
        faults=outage.FAULTS,
        settings=outage.SETTINGS,
    ),
    Trouble(
        name="rolling deploy",
        run=rolling.rolling_deploy,
        quick={"messages": 500},
        full={"messages": 3000},
        faults=rolling.FAULTS,
        settings=rolling.SETTINGS,
    ),
    Trouble(
        name="storm",
        run=storm.storm,
        quick={"messages": 100, "seconds": 60.0},
        full={"messages": 5000, "seconds": 400.0},
        faults=storm.FAULTS,
        settings=storm.SETTINGS,
    ),
    Trouble(
        name="callbacks",
        run=callbacks.callbacks,
        quick={"messages": 100},
        full={"messages": 3000},
        faults=callbacks.FAULTS,
    ),
    Trouble(
        name="heard",
        run=heard.heard,
        quick={"texts": 1500, "kills": 2},
        full={"texts": 50_000, "kills": 5},
    ),
    Trouble(
        name="pause and resume",
        run=pause.pause_and_resume,
        quick={"messages": 200, "pauses": 6},
        full={"messages": 5000, "pauses": 200},
        faults=pause.FAULTS,
        settings=pause.SETTINGS,
    ),
    Trouble(
        name="stop race",
        run=stop_race.stop_race,
        quick={"people": 300, "stops": 100, "within": 3.0},
        full={"people": 9000, "stops": 2000, "within": 1.0},
        faults=stop_race.FAULTS,
        settings=stop_race.SETTINGS,
    ),
    Trouble(
        name="poison", run=poison.poison, quick={"messages": 60}, full={"messages": 1000}, settings=poison.SETTINGS
    ),
    Trouble(
        name="frozen worker",
        run=frozen.frozen_worker,
        quick={"messages": 120, "rounds": 1},
        full={"messages": 400, "rounds": 12},
        faults=frozen.FAULTS,
        settings=frozen.SETTINGS,
    ),
    Trouble(
        name="restored backup",
        run=restore.restored_backup,
        quick={"messages": 60},
        full={"messages": 1000},
        settings={"SMS_SEGMENTS_PER_SECOND": "20"},
    ),
    Trouble(
        name="soak",
        run=soak.soak,
        quick={"seconds": 180.0},
        full={"seconds": 7200.0},
        faults=soak.FAULTS,
    ),
)
