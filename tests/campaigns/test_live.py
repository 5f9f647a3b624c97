"""Pause, resume and cancel while messages leave through the local carrier; its ledger is the judge (R7)."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import pytest

from channels.carrier import Carrier
from outreach.campaigns import queue, service
from tests.campaigns.conftest import Desk
from tests.delivery.test_delivery import delivering, settled

PEOPLE = 90


async def _steer(desk: Desk, act: str) -> None:
    async with desk.context.session() as session:
        campaign = await getattr(service, act)(session, "spring", now=desk.now, actor="staff:1")
    await queue.mark(desk.context.engine, campaign, now=desk.now)


async def _launched(desk: Desk, *, rate: float) -> int:
    desk.context.settings.sms_segments_per_second = 5000
    for number in range(PEOPLE):
        await desk.debtor(f"P{number}")
    campaign = await desk.launch(rate={"sms": rate})
    await desk.plan(campaign)
    return campaign


async def _still(carrier: Carrier) -> int:
    """How many messages the carrier holds, once the sends under way at the pause's commit are over."""
    await asyncio.sleep(0.6)
    before = len(carrier.ledger.entries)
    await asyncio.sleep(0.3)
    assert len(carrier.ledger.entries) == before
    return before


@pytest.mark.parametrize("pauses", [3, pytest.param(40, marks=pytest.mark.slow)])
async def test_paused_at_random_moments_everybody_still_hears_exactly_once(desk: Desk, pauses: int) -> None:
    rng = random.Random(pauses)
    await _launched(desk, rate=400 / pauses)
    async with Carrier() as carrier, delivering(desk.context, carrier):
        for _ in range(pauses):
            await asyncio.sleep(rng.uniform(0.05, 0.4))
            await _steer(desk, "pause")
            await _still(carrier)
            await _steer(desk, "resume")
        counts = await settled(desk.context, seconds=120)
        heard = Counter(entry.to for entry in carrier.ledger.entries)
    assert set(heard.values()) == {1}
    assert len(heard) == PEOPLE == sum(counts.values())


async def test_nothing_leaves_after_a_cancel(desk: Desk) -> None:
    await _launched(desk, rate=60)
    async with Carrier() as carrier, delivering(desk.context, carrier):
        await asyncio.sleep(0.4)
        await _steer(desk, "cancel")
        sent = await _still(carrier)
        await desk.sweep()
        counts = await settled(desk.context)
    assert 0 < sent < PEOPLE
    assert counts["withdrawn"] == PEOPLE - sent
