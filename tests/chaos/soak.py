"""R21: hours of steady work, one creditor growing tenfold, twenty colleagues at their desks: nothing grows but the data."""

from __future__ import annotations

import asyncio
import html
import json
import os
import re
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp

from channels.carrier import Faults
from outreach.staff import service as staff
from tests import cast
from tests.chaos.world import WENT, Verdict, World, message_id

FAULTS = Faults(latency_ms=(20.0, 200.0))
#: messages a second
PACE = {"sms": 40, "email": 10}
COLLEAGUES = 20
#: how often one of them opens a page; seconds between
THINKS = (1.0, 3.0)
#: one person in so many of those written to answers
ANSWERS = 50
WORDS = (
    "How much do I owe?",
    "I want to talk to a person",
    "I can pay $50 on Friday",
    "who is this?",
    "this is not my debt",
)
GROWS = 10
#: the share of the time that is not measured, and the shares at the start and the end of the rest that are compared
WARM, WINDOW = 0.25, 0.25
CENSUS_EVERY = 2.0
MEMORY, LATENESS = 1.10, 1.20
#: pools open a connection when they need one and keep it up to their bound: what leaks goes past this
CONNECTIONS = 1.05


@dataclass
class Diary:
    """What was seen, sample by sample."""

    began: float
    #: seconds since the start, and kilobytes by process
    memory: list[tuple[float, dict[str, int]]] = field(default_factory=list)
    connections: list[tuple[float, int]] = field(default_factory=list)
    #: the machine's load, ours and everybody's
    load: list[tuple[float, float]] = field(default_factory=list)
    #: pages opened: when, status (0 = no answer) and seconds
    pages: list[tuple[float, int, float]] = field(default_factory=list)
    #: when a message was asked for, and seconds until its request began
    sends: list[tuple[float, float]] = field(default_factory=list)

    def at(self) -> float:
        return time.monotonic() - self.began

    def keep(self, path: Path) -> None:
        path.write_text(json.dumps(vars(self)), encoding="utf-8")


async def soak(world: World, *, seconds: float) -> list[Verdict]:
    """Memory, connections and the lateness of sends at the end are those after the start."""
    ticks = int(seconds)
    before = ticks * sum(PACE.values()) // (GROWS - 1)
    await _portfolios(world, people=before)
    diary = Diary(began=time.monotonic())
    async with world.serving(), _colleagues(world) as desks:
        world.carrier.webhook_url = f"{world.environment['PUBLIC_URL']}/hooks/sms"
        world.start(2)
        began_at, diary.began = world.now(), time.monotonic()
        around = [
            asyncio.create_task(_census(world, diary)),
            *(asyncio.create_task(_browse(world, d, diary)) for d in desks),
        ]
        answers = await _feed(world, ticks=ticks)
        for each in around:
            each.cancel()
        for outcome in await asyncio.gather(*around, return_exceptions=True):
            if not isinstance(outcome, asyncio.CancelledError):
                raise AssertionError("somebody stopped early") from outcome
        statuses = await world.settled()
    diary.sends = await _lateness(world, began_at)
    diary.keep(world.folder / "soak.json")
    return [_verdict(world, diary, statuses, seconds=seconds, before=before, answers=answers)]


async def _portfolios(world: World, *, people: int) -> None:
    """The creditor that will grow, and one as large that will not."""
    now = world.now()
    async with world.context.session() as session:
        for name in ("Fairview Medical Group", "Harbor Utilities"):
            creditor = await cast.creditor(session, now=now, name=name)
            await cast.crowd(session, now=now, count=people, creditor_id=creditor)


@asynccontextmanager
async def _colleagues(world: World) -> AsyncIterator[Sequence[aiohttp.ClientSession]]:
    """Each signed in by a link of their own."""
    async with AsyncExitStack() as stack:
        desks = []
        for n in range(COLLEAGUES):
            now, email, actor = world.now(), f"colleague{n}@harbor.example", "system:chaos"
            async with world.context.session() as session:
                await staff.add(session, now=now, email=email, role="team_lead", actor=actor)
                token = await staff.link(session, now=now, email=email, actor=actor)
            desk = aiohttp.ClientSession(world.environment["PUBLIC_URL"], cookie_jar=aiohttp.CookieJar(unsafe=True))
            desks.append(await stack.enter_async_context(desk))
            async with desk.post(f"/console/sign-in/{token}", allow_redirects=False) as answer:
                assert answer.status == 303, await answer.text()
        yield desks


async def _feed(world: World, *, ticks: int) -> int:
    """A second's messages every second, late or not; some of the people written to a minute ago answer. How many did."""
    began, answering, answers = time.monotonic(), [], 0
    for tick in range(ticks):
        await asyncio.sleep(began + tick - time.monotonic())
        asked = [await world.crowd(count, channel=channel) for channel, count in PACE.items()]
        answering.append(world.random.sample(asked[0], -(-PACE["sms"] // ANSWERS)))
        for person in answering[tick - 60] if tick >= 60 else ():
            phone = await world.rows(
                "select address from contact_point where debtor_id = :id and kind = 'phone'", id=person
            )
            answers += (
                await world.carrier.debtor_texts(from_=phone[0]["address"], body=world.random.choice(WORDS)) == 200
            )
    return answers


async def _browse(world: World, desk: aiohttp.ClientSession, diary: Diary) -> None:
    """A colleague opens what the page before led to, and looks people up."""
    links = ["/console/queue?view=all"]
    while True:
        await asyncio.sleep(world.random.uniform(*THINKS))
        began = time.monotonic()
        if world.random.random() < 0.1:
            opening = desk.post("/console/search", data={"q": f"person-{world.random.randrange(1, 2000)}"})
        else:
            opening = desk.get(world.random.choice(links))
        status, page = 0, ""
        try:
            async with opening as answer:
                status, page = answer.status, await answer.text()
        except (aiohttp.ClientError, TimeoutError):
            links = []
        diary.pages.append((diary.at(), status, time.monotonic() - began))
        links = [html.unescape(link) for link in _LINKS.findall(page)] or ["/console/queue?view=all"]


#: the pages of the console, but not what a browser would save to a file
_LINKS = re.compile(r'href="(/console/(?!sign-in)[^"#]+)"')


async def _census(world: World, diary: Diary) -> None:
    """How large every process is, and how many connections the database has."""
    while True:
        backends = await world.rows("select pid from pg_stat_activity where datname = current_database()")
        processes = {"worker": world.workers, "clock": world.clocks, "web": world.webs}
        sizes = {
            f"{name} {n}": _size(each.pid, "VmRSS")
            for name, them in processes.items()
            for n, each in enumerate(them, 1)
        }
        sizes["database"] = sum(_size(row["pid"], "RssAnon") for row in backends)
        diary.memory.append((diary.at(), sizes))
        diary.connections.append((diary.at(), len(backends)))
        diary.load.append((diary.at(), os.getloadavg()[0]))
        await asyncio.sleep(CENSUS_EVERY)


def _size(pid: int | None, line: str) -> int:
    """Kilobytes, as the kernel tells; 0 = it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    told = status.partition(f"{line}:")[2]
    return int(told.split()[0]) if told else 0  # one that is ending holds nothing any more


async def _lateness(world: World, began_at: datetime) -> list[tuple[float, float]]:
    """Of each message: when it was asked for, and how long until its request began; seconds."""
    began = {
        message_id(e): datetime.fromisoformat(e.started_at)
        for e in reversed(world.carrier.ledger.entries)
        if e.message_id
    }
    rows = await world.rows("select id, created_at from message where direction = 'out'")
    offset = world.context.clock.offset
    return sorted(
        (
            (row["created_at"] - began_at).total_seconds(),
            (began[str(row["id"])] + offset - row["created_at"]).total_seconds(),
        )
        for row in rows
        if str(row["id"]) in began
    )


def _verdict(
    world: World, diary: Diary, statuses: Counter[str], *, seconds: float, before: int, answers: int
) -> Verdict:
    lasted = diary.memory[-1][0]  # longer than asked for, where the machine is too slow for the pace
    warm, window = lasted * WARM, lasted * (1 - WARM) * WINDOW
    first, last = (warm, warm + window), (lasted - window, lasted)

    def within(samples: Sequence[tuple[float, Any]], span: tuple[float, float]) -> list[Any]:
        return [value for at, value in samples if span[0] <= at < span[1]]

    def typical(name: str, span: tuple[float, float]) -> float:
        return float(statistics.median(sizes.get(name, 0) for sizes in within(diary.memory, span)) / 1024)

    names = diary.memory[-1][1]
    memory = {name: (typical(name, first), typical(name, last)) for name in names}
    late = [_p95(within(diary.sends, span)) for span in (first, last)]
    lines = [max(within(diary.connections, span)) for span in (first, last)]
    opened = [_p95([took for at, _, took in diary.pages if span[0] <= at < span[1]]) for span in (first, last)]
    wrong = sum(1 for _, status, _ in diary.pages if not 200 <= status < 400 and status != 404)
    twice = world.duplicates("sms") + world.duplicates("mail")
    grown = all(after <= was * MEMORY for was, after in memory.values())
    return Verdict(
        id="R21",
        passed=grown
        and lines[1] <= lines[0] * CONNECTIONS
        and late[1] <= late[0] * LATENESS
        and not (twice or wrong or world.deaths)
        and statuses.keys() <= WENT,
        value=f"{seconds:.0f} s of work in {lasted:.0f} s, {len(diary.sends)} sends, {answers} answers,"
        f" {len(diary.pages)} pages ({wrong} wrong, p95"
        f" {opened[0] * 1000:.0f} -> {opened[1] * 1000:.0f} ms), a creditor from {before} people to {before * GROWS}: {twice}"
        f" duplicates, {dict(statuses)}; MB "
        + ", ".join(f"{name} {was:.0f} -> {after:.0f}" for name, (was, after) in memory.items())
        + f"; connections {lines[0]} -> {lines[1]}; sends late by p95 {late[0] * 1000:.0f} -> {late[1] * 1000:.0f} ms",
    )


def _p95(values: Sequence[float]) -> float:
    return float(statistics.quantiles(values, n=20)[-1]) if len(values) > 1 else 0.0
