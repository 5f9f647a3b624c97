"""R8: people say STOP, by every door, while the batch that holds them is on its way."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from channels.carrier import Faults
from outreach.messages import silence
from tests.chaos.world import Verdict, World

FAULTS = Faults(latency_ms=(20.0, 200.0))
DOORS = ("message", "email", "portal", "case_manager", "one_click")


async def stop_race(world: World, *, people: int, stops: int, within: float, workers: int = 2) -> list[Verdict]:
    """No request starts after a STOP was committed; the STOP itself waits `within` seconds at most."""
    ids = await world.crowd(people)
    world.start(workers)
    await world.handed()
    committed: dict[int, str] = {}
    waits: list[float] = []
    for n, debtor_id in enumerate(world.random.sample(ids, stops)):
        began = time.monotonic()
        async with world.context.session() as session:
            if n % 5 == 4:
                await silence.hold(session, now=world.now(), debtor_id=debtor_id, reason="attorney", actor="staff:1")
            else:
                door = DOORS[n % len(DOORS)]
                await silence.opt_out(
                    session, now=world.now(), debtor_id=debtor_id, medium="sms", via=door, actor=f"debtor:{debtor_id}"
                )
        waits.append(time.monotonic() - began)
        committed[debtor_id] = datetime.now(UTC).isoformat(timespec="microseconds")
        await asyncio.sleep(0)
    await world.settled()
    rows = await world.rows("select id::text, debtor_id, status from message where direction = 'out'")
    owner = {row["id"]: row["debtor_id"] for row in rows}
    late = [
        e
        for e in world.carrier.ledger.entries
        if e.kind == "sms" and e.started_at > committed.get(owner[e.message_id], "9")
    ]
    reached = sum(1 for e in world.accepted("sms") if owner[e.message_id] in committed)
    p99 = sorted(waits)[int(len(waits) * 0.99)]
    return [
        Verdict(
            id="R8",
            passed=not late and p99 <= within and not world.duplicates("sms"),
            value=f"{stops} stops among {people} texts ({reached} were sent before): {len(late)} requests started after the"
            f" commit, commit p99 {p99 * 1000:.0f} ms",
        )
    ]
