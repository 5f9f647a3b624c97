"""`outreach dialog play`: scenarios through the whole service, on a database of their own, with a clock that stands still."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.cli import _plot
from outreach.clock import Clock
from outreach.context import Context
from outreach.messages import lanes


class StandingClock(Clock):
    """Business time that moves only when told."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at - datetime.now(UTC))
        self.at = at

    def now(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by
        self.offset = self.at - datetime.now(UTC)


@dataclass
class Stage:
    """One scenario on stage: its person and where they write from."""

    context: Context
    clock: StandingClock
    scenario: Mapping[str, Any]
    debtor_id: int
    address: Mapping[str, str]
    verified: bool
    proven: set[str] = field(default_factory=set)


async def play(context: Context, scenario: Mapping[str, Any]) -> AsyncIterator[dict[str, Any]]:
    """One line for every entry of `turns`, in order."""
    async with _staged(context, scenario) as stage:
        for number, entry in enumerate(scenario.get("turns") or [], start=1):
            stage.clock.move(timedelta(seconds=2))
            started = time.perf_counter()
            if "wait_hours" in entry:
                replies, channel = await _wait(stage, float(entry["wait_hours"])), str(scenario["channel"])
            else:
                channel = str(entry.get("via") or scenario["channel"])
                replies = await _turn(stage, str(entry.get("user", "")), channel)
            milliseconds = (time.perf_counter() - started) * 1000
            yield {
                "scenario": scenario.get("id"),
                "turn": number,
                "replies": replies,
                "state": await _state(stage, channel),
                "ms": round(milliseconds, 2),
            }


@asynccontextmanager
async def _staged(context: Context, scenario: Mapping[str, Any]) -> AsyncIterator[Stage]:
    import channels
    from outreach.cli import _stage

    person = scenario["person"]
    local = datetime.fromisoformat(f"{scenario['today']}T{scenario['now']}").replace(tzinfo=ZoneInfo(person["tz"]))
    clock = StandingClock(local.astimezone(UTC))
    played = Context(
        settings=context.settings,
        engine=context.engine,
        sessions=context.sessions,
        clock=clock,
        key=context.key,
        # Of its own: messages expire by the scenario's clock, not by this machine's.
        channels=channels.build(context.settings.values() | {"secret_key": context.key.hex()}, clock=clock.now),
        dialog=context.dialog,
    )
    async with played.session() as session:
        debtor_id, address = await _stage.cast(session, scenario, now=clock.now())
    try:
        yield Stage(
            context=played,
            clock=clock,
            scenario=scenario,
            debtor_id=debtor_id,
            address=address,
            verified=scenario["trust"] == "verified",
        )
    finally:
        for adapter in played.channels.values():
            await adapter.aclose()


async def _turn(stage: Stage, text: str, channel: str) -> list[dict[str, str]]:
    """Stored, read for safety, answered, decided again at the gate and delivered; what arrived is what is shown."""
    from channels.contract import Inbound
    from outreach import conversations
    from outreach.conversations import answer
    from outreach.messages.delivery import Loop

    context, now = stage.context, stage.clock.now()
    words = Inbound(provider_id=f"play-{uuid4()}", sender=stage.address[channel], to="us", text=text)
    async with context.session() as session:
        heard = await conversations.receive(
            session,
            words,
            context=context,
            channel=channel,
            now=now,
            debtor_id=stage.debtor_id,
            verified=stage.verified if channel == "web" else None,
        )
    await answer.answer(context, debtor_id=stage.debtor_id)
    await Loop(context).drain(f"{channel}:reply")
    if heard is None:
        return []
    async with context.session() as session:
        said = await db.rows(
            session,
            "select channel, text from message where in_reply_to = :id and direction = 'out' and sent_at is not null"
            " order by created_at",
            id=heard.message_id,
        )
    return [{"channel": row["channel"], "text": row["text"]} for row in said]


async def _wait(stage: Stage, hours: float) -> list[dict[str, str]]:
    """Timers run; nothing is sent."""
    from outreach.conversations import jobs

    stage.clock.move(timedelta(hours=hours))
    await jobs.sweep(stage.context)
    return []


async def _state(stage: Stage, channel: str) -> dict[str, Any]:
    from outreach.cli import _stage
    from outreach.conversations.outcome import outcome

    async with stage.context.session() as session:
        proven = stage.verified or await _proven(session, stage.debtor_id, channel)
        state = await outcome(session, debtor_id=stage.debtor_id, verified=proven)
    if account := state["plan"].get("account"):
        state["plan"]["account"] = _stage.given_ref(account)
    return state


async def _proven(session: AsyncSession, debtor_id: int, channel: str) -> bool:
    """Identity was given on this channel in the conversation."""
    found = await session.scalar(
        sa.text(
            "select exists (select 1 from turn t, jsonb_array_elements(t.outcomes) o where t.debtor_id = :d"
            " and o -> 'Identified' ->> 'medium' = :channel)"
        ),
        {"d": debtor_id, "channel": channel},
    )
    return bool(found)


def line(turn: Mapping[str, Any]) -> str:
    return json.dumps(turn, ensure_ascii=False, default=lambda v: v.isoformat() if isinstance(v, date) else str(v))


async def perform(path: Path, *, engine: str) -> None:
    """A carrier that leaves STOP to us, a fresh database, every scenario in order; lines on stdout as they happen."""
    from channels.carrier import Carrier
    from outreach import app, settings
    from outreach.cli import _virtual

    plots = _plot.scenarios(path)
    app.load_jobs()
    base = settings.get()
    with tempfile.TemporaryDirectory(prefix="outreach-play-") as folder:
        async with Carrier(stop_handling=False) as carrier:
            configured = _virtual.settings(base, carrier, Path(folder), dialog_engine=engine)
            async with app.running(configured) as context:
                async with context.session() as session:
                    await lanes.ensure(session, settings=context.settings, now=context.now())
                for plot in plots:
                    async for turn in play(context, plot):
                        print(line(turn), flush=True)
