"""R8: people say STOP by every real door while their message is on the wire or next in the batch."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from channels.carrier import Faults
from tests.chaos.doors import Doors
from tests.chaos.world import Verdict, World, free_port, message_id

FAULTS = Faults(latency_ms=(100.0, 500.0))
#: few places on a slow line: most people wait, decided already, when they say STOP
SETTINGS = {"WORKER_CONCURRENCY": "4"}
#: stops under way at once
AT_ONCE = 12
#: the next to leave or on the wire, or those that wait longest still: by turns
_HELD = """
select m.id, m.debtor_id, m.address, m.medium, m.status,
  exists (select 1 from attempt a where a.message_id = m.id and a.gated_at is not null and a.outcome is null) as passed
from message m
where m.direction = 'out' and m.template = 'reminder' and m.medium = :medium and m.status in ('claimed', 'sending')
  and m.debtor_id <> all(:stopped)
order by case when :next then m.id end, m.id desc limit :most
"""
#: a commit's moment as the database wrote it down
_COMMITTED = """
select debtor_id, min(pg_xact_commit_timestamp(xmin)) as at from (
  select debtor_id, xmin from consent where kind = 'refusal' union all select debtor_id, xmin from hold) s group by 1
"""
_OURS = "select id::text, debtor_id from message where direction = 'out' and template = 'reminder'"


class Stops:
    """What was said at which door, and what came of it."""

    def __init__(self, world: World, doors: Doors) -> None:
        self.world, self.doors = world, doors
        self.stopped: dict[int, str] = {}
        self.held: Counter[str] = Counter()
        self.waits: dict[str, list[float]] = {}
        self.refused: Counter[str] = Counter()

    async def say(self, most: int) -> None:
        """One after another, each by the next door, at a person whose message is under way."""
        while len(self.stopped) < most:
            n = len(self.stopped)
            mediums = ("sms", "email") if n % 5 < 3 else ("email", "sms")
            message = await self._held(mediums[0], next_=n % 2 == 0) or await self._held(mediums[1], next_=True)
            if message is None:
                if not await self.world.pending():
                    return
                continue
            door, ready = self.doors.of(message["medium"], n)
            self.held["on the wire" if message["passed"] else "held"] += 1
            knock = await ready(message)
            began = time.monotonic()
            if not await knock():
                self.refused[door] += 1
            self.waits.setdefault(door, []).append(time.monotonic() - began)
            self.stopped[message["debtor_id"]] = datetime.now(UTC).isoformat(timespec="microseconds")

    async def _held(self, medium: str, *, next_: bool) -> Mapping[str, Any] | None:
        found = await self.world.rows(_HELD, medium=medium, next=next_, stopped=list(self.stopped), most=AT_ONCE)
        chosen = next((m for m in found if m["debtor_id"] not in self.stopped), None)
        if chosen:
            self.stopped[chosen["debtor_id"]] = "9"
        return chosen


async def stop_race(world: World, *, people: int, stops: int, within: float, workers: int = 2) -> list[Verdict]:
    """No request starts after a STOP was committed; the STOP itself waits `within` seconds at most."""
    world.environment["LMTP_LISTEN"] = f"127.0.0.1:{free_port()}"
    host, _, port = world.environment["LMTP_LISTEN"].partition(":")
    world.carrier.lmtp = (host, int(port))
    await world.crowd(people * 3 // 5)
    await world.crowd(people * 2 // 5, channel="email")
    async with world.serving(), Doors(world) as doors:
        world.start(workers)
        await world.handed()
        said = Stops(world, doors)
        await asyncio.gather(*(said.say(stops) for _ in range(AT_ONCE)))
        await world.settled()
    return [await _verdict(world, said, stops, within)]


async def _verdict(world: World, said: Stops, stops: int, within: float) -> Verdict:
    owner = {row["id"]: row["debtor_id"] for row in await world.rows(_OURS)}
    committed = {
        row["debtor_id"]: row["at"].astimezone(UTC).isoformat(timespec="microseconds")
        for row in await world.rows(_COMMITTED)
    }
    missing = said.stopped.keys() - committed.keys()
    sends = [(owner[i], e) for e in world.carrier.ledger.entries if (i := message_id(e)) in owner and e.kind in KINDS]
    late = [e for who, e in sends if who in said.stopped and e.started_at > committed.get(who, "9")]
    reached = {who for who, e in sends if who in said.stopped}
    waits = sorted(wait for each in said.waits.values() for wait in each)
    p99 = waits[int(len(waits) * 0.99)]
    doors = ", ".join(f"{len(each)} by {door}" for door, each in sorted(said.waits.items()))
    twice = world.duplicates("sms") + world.duplicates("mail")
    return Verdict(
        id="R8",
        passed=len(said.stopped) >= stops
        and not (late or missing or said.refused or twice)
        and len(reached) < len(said.stopped)
        and p99 <= within,
        value=f"{len(said.stopped)} stops ({doors}) at messages past the gate ({said.held['on the wire']}) or held in a batch"
        f" ({said.held['held']}): {len(late)} requests started after the commit, {len(reached)} before it,"
        f" {len(said.stopped) - len(reached)} never; {len(missing)} not committed, {sum(said.refused.values())} refused,"
        f" {twice} duplicates; the door answered in p99 {p99 * 1000:.0f} ms, at most {waits[-1] * 1000:.0f} ms",
    )


KINDS = {"sms", "mail"}
