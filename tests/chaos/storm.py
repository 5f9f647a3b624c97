"""R5: the provider in trouble, in every way it can be."""

from __future__ import annotations

from channels.carrier import Faults, Rule
from tests.chaos.world import WENT, Verdict, World

FAULTS = Faults(
    latency_ms=(5.0, 50.0),
    sms=(
        Rule(fault="throttle", share=0.15, seconds=0, attempts=3),
        Rule(fault="throttle", share=0.15, seconds=1, attempts=3),
        Rule(fault="error_after", share=0.1),
        Rule(fault="error_before", share=0.1, attempts=3),
        Rule(fault="hang_before", share=0.02, seconds=30),
        Rule(fault="hang_after", share=0.03, seconds=30),
        Rule(fault="reset_after", share=0.05),
        Rule(fault="broken_json", share=0.02),
        Rule(fault="html", share=0.01),
    ),
)
SETTINGS = {"LEASE_SECONDS": "20"}


async def storm(world: World, *, messages: int, seconds: float) -> list[Verdict]:
    """Everybody hears once, and every message comes to an end."""
    await world.crowd(messages)
    world.start(2)
    statuses = await world.settled(seconds=seconds)
    entries = world.carrier.ledger.entries
    trouble = sum(1 for e in entries if e.fault)
    twice = world.duplicates("sms")
    return [
        Verdict(
            id="R5",
            passed=not twice and statuses.keys() <= WENT and len(world.accepted("sms")) == messages,
            value=f"{messages} texts, {len(entries)} requests, {trouble} in trouble: {twice} duplicates, {dict(statuses)}",
        )
    ]
