"""The quick version of each trouble; `python -m tests.chaos --full` is the whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach import embedded
from tests.chaos import catalogue, rolling
from tests.chaos.world import World


@pytest.mark.parametrize("trouble", catalogue.TROUBLES, ids=lambda t: t.name)
async def test_withstands(trouble: catalogue.Trouble, database: embedded.Server, tmp_path: Path) -> None:
    async with World(server=database, folder=tmp_path, faults=trouble.faults, settings=dict(trouble.settings)) as world:
        try:
            verdicts = await trouble.run(world, **trouble.quick)
        except rolling.NoHistoryError:
            pytest.skip(str(rolling.NoHistoryError.__doc__))
    assert [str(v) for v in verdicts if not v.passed] == []
