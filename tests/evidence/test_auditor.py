"""The independent auditor finds each kind of violation when it is planted, names it, and says nothing of a clean ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from outreach.reports import auditor
from tests import cast
from tests.evidence.plants import addresses, calls, delivery, frequency, hours, silence, words
from tests.evidence.scene import LAWFUL, PLANTS, Play, Scene

SUBJECTS = (addresses, calls, delivery, frequency, hours, silence, words)
AUTUMN = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)  # a Wednesday, 11:00 Eastern, 08:00 Pacific


@pytest.fixture
async def scene(session: AsyncSession) -> Scene:
    who = await cast.person(session, now=AUTUMN - timedelta(days=30))
    return Scene(session, who, AUTUMN)


@pytest.mark.parametrize(("check", "plant"), PLANTS, ids=[f"{c}-{p.__name__}" for c, p in PLANTS])
async def test_a_planted_violation_is_found_and_nothing_else(scene: Scene, check: str, plant: Play) -> None:
    await plant(scene)
    assert {v.check for v in await scene.violations()} == {check}


@pytest.mark.parametrize(
    ("law", "play"),
    [
        ("massachusetts", frequency.massachusetts),
        ("district_of_columbia", frequency.district),
        ("new_york_city", frequency.new_york_city),
        ("washington", frequency.washington),
    ],
)
async def test_a_state_or_city_cap_is_found_when_our_own_is_off(scene: Scene, law: str, play: Play) -> None:
    await play(scene)
    found = await scene.violations(contact_cap_day=0, contact_cap_week=0)
    assert len(found) == 1
    assert found[0].detail.startswith(law)


def test_every_check_has_a_planted_violation() -> None:
    assert set(auditor.checks()) == {check for check, _ in PLANTS}
    assert {play.__module__ for _, play in PLANTS} == {subject.__name__ for subject in SUBJECTS}


@pytest.mark.parametrize("play", LAWFUL, ids=[p.__name__ for p in LAWFUL])
async def test_what_the_law_lets_pass_is_not_reported(scene: Scene, play: Play) -> None:
    await play(scene)
    assert await scene.violations() == []
