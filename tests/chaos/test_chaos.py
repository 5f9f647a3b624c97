"""The quick version of each trouble; `python -m tests.chaos --full` is the whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach import embedded
from tests.chaos import catalogue
from tests.chaos.world import World

#: minutes even in small: two releases start and stop; what grows shows with time
SLOW = {"rolling deploy", "soak"}
MARKED = [pytest.param(t, marks=[pytest.mark.slow] if t.name in SLOW else []) for t in catalogue.TROUBLES]


@pytest.mark.parametrize("trouble", MARKED, ids=[t.name for t in catalogue.TROUBLES])
async def test_withstands(trouble: catalogue.Trouble, database: embedded.Server, tmp_path: Path) -> None:
    async with World(server=database, folder=tmp_path, faults=trouble.faults, settings=dict(trouble.settings)) as world:
        verdicts = await trouble.run(world, **trouble.quick)
    assert [str(v) for v in verdicts if not v.passed] == []
