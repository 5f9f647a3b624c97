"""A small world to break: a database, the local carrier, people, and the service's own commands as processes under a supervisor."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import multiprocessing
import random
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
import psycopg
import sqlalchemy as sa

from channels.carrier import Carrier, Entry, Faults
from outreach import db, embedded
from outreach.clock import Clock
from outreach.context import Context
from outreach.messages import outbox
from outreach.messages.drafts import Draft
from outreach.settings import Settings
from tests import cast
from tests.chaos import worker

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.chaos.worker"])
#: A Wednesday, 10:30 Eastern: inside every mainland window.
NOW = datetime(2026, 3, 11, 14, 30, tzinfo=UTC)
#: the provider has it; what a look-up brought may know more than that
WENT = frozenset({"accepted", "sent", "delivered"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One bar of the quality bars: passed or not, with the figures that say so."""

    id: str
    passed: bool
    value: str

    def __str__(self) -> str:
        return f"{self.id} {'pass' if self.passed else 'FAIL'} {self.value}"


@dataclass
class World:
    """`async with World(server=..., folder=...) as world:` and then workers, people, trouble."""

    server: embedded.Server
    folder: Path
    faults: Faults = field(default_factory=Faults)
    #: extra settings of the workers, in upper case without prefix
    settings: dict[str, str] = field(default_factory=dict)
    seed: int = 1
    workers: list[BaseProcess] = field(default_factory=list)
    clocks: list[BaseProcess] = field(default_factory=list)
    webs: list[BaseProcess] = field(default_factory=list)
    kills: int = 0
    #: processes that ended by themselves and were started again
    deaths: int = 0

    async def __aenter__(self) -> Self:
        self.random = random.Random(self.seed)
        self.carrier = Carrier(ledger=self.folder / "ledger.jsonl", faults=self.faults)
        await self.carrier.__aenter__()
        self.environment = {
            "DATABASE_URL": self.server.dsn,
            "DATA_DIR": str(self.folder / "data"),
            "NOW": NOW.isoformat(),
            "MAIL_FROM": "Harbor <mail@harbor.example>",
            "SECRET_KEY": "6b" * 32,
            "LEASE_SECONDS": "8",
            "RECONCILE_SECONDS": "0.3",
            "SMS_SEGMENTS_PER_SECOND": "5000",
            "EMAIL_PER_SECOND": "5000",
            "LOG_LEVEL": "WARNING",
            **{name.upper(): value for name, value in self.carrier.values.items()},
            **self.settings,
        }
        configured = Settings(_env_file=None, **{k.lower(): v for k, v in self.environment.items()})  # type: ignore[call-arg]
        engine = db.engine(self.server.url)
        self.context = Context(
            settings=configured,
            engine=engine,
            sessions=db.session_factory(engine),
            clock=Clock(NOW - datetime.now(UTC) + timedelta()),
            key=bytes.fromhex(self.environment["SECRET_KEY"]),
        )
        await self._set_clock()
        self.supervisor = asyncio.create_task(self._supervise())
        return self

    async def _set_clock(self) -> None:
        """The cluster's clock, before any worker can set it."""
        async with self.context.session() as session:
            await session.execute(
                sa.text(
                    "insert into setting (name, value) values ('clock_offset', to_jsonb(cast(:s as float8))) on conflict do nothing"
                ),
                {"s": self.context.clock.offset.total_seconds()},
            )

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            print((self.folder / "workers.log").read_text(encoding="utf-8")[-4000:])
        self.supervisor.cancel()
        for each in (*self.workers, *self.clocks, *self.webs):
            each.kill()
            each.join()
        await self.carrier.__aexit__(kind, error, trace)
        await self.context.engine.dispose()

    def now(self) -> datetime:
        return self.context.now()

    def start(self, count: int = 1) -> None:
        """More workers, each a process of its own; forked from one that has imported everything, they are ready at once.

        With the first of them comes the clock, whose timers sweep and reconcile.
        """
        self.workers += [self._process("worker") for _ in range(count)]
        self.clocks = self.clocks or [self._process("clock")]

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """`outreach serve` beside the workers, where their callback addresses lead."""
        self.environment["PORT"] = str(free_port())
        self.environment["PUBLIC_URL"] = url = f"http://127.0.0.1:{self.environment['PORT']}"
        self.webs = [self._process("serve")]
        await ready(url)
        yield

    async def moved(self, url: str) -> None:
        """This side too uses another database from now on, with the cluster's clock in it."""
        await self.context.engine.dispose()
        self.context.engine = db.engine(url)
        self.context = dataclasses.replace(self.context, sessions=db.session_factory(self.context.engine))
        await self._set_clock()

    async def command(self, *statements: str) -> None:
        """Statements of an administrator, each by itself."""
        dsn = self.context.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
            for each in statements:
                await connection.execute(each)

    def _process(self, command: str) -> BaseProcess:
        environment = {n if n.startswith("CHAOS_") else f"OUTREACH_{n}": value for n, value in self.environment.items()}
        arguments = (environment, self.folder / "workers.log", command)
        process = PROCESSES.Process(target=worker.run, args=arguments, daemon=True)
        process.start()
        return process

    def replace_clock(self) -> None:
        """The next worker brings a clock of its own, with the settings of now."""
        for each in self.clocks:
            each.kill()
            each.join()
        self.clocks = []

    async def _supervise(self) -> None:
        """As systemd or Docker would: what ended by itself is started again."""
        while True:
            await asyncio.sleep(0.2)
            for command, processes in (("worker", self.workers), ("clock", self.clocks), ("serve", self.webs)):
                for n, each in enumerate(processes):
                    if each.exitcode is not None:
                        self.deaths += 1
                        processes[n] = self._process(command)

    def kill(self, *, replace: bool = True) -> None:
        """`kill -9` of a worker chosen by the dice; another one starts in its place."""
        victim = self.workers.pop(self.random.randrange(len(self.workers)))
        victim.kill()
        victim.join()
        self.kills += 1
        if replace:
            self.start()

    async def crowd(self, count: int, *, channel: str = "sms", campaign_id: int | None = None) -> list[int]:
        """People, each with one message planned; their ids."""
        now = self.now()
        async with self.context.session() as session:
            people = await cast.crowd(session, now=now, count=count)
        step = 1 if campaign_id else None
        drafts = [
            Draft(debtor_id=p, channel=channel, template="reminder", campaign_id=campaign_id, step=step) for p in people
        ]
        for part in (drafts[n : n + 500] for n in range(0, count, 500)):
            async with self.context.session() as session:
                await outbox.submit_many(session, part, now=now, settings=self.context.settings)
        return people

    async def rows(self, sql: str, **values: Any) -> list[Any]:
        async with self.context.session() as session:
            return list(await db.rows(session, sql, **values))

    async def counts(self, *, channel: str | None = None) -> Counter[str]:
        found = await self.rows(
            "select status, count(*) as n from message where direction = 'out'"
            " and (cast(:channel as text) is null or channel = :channel) group by status",
            channel=channel,
        )
        return Counter({row["status"]: row["n"] for row in found})

    async def handed(self, count: int = 1, *, seconds: float = 120.0) -> None:
        """Return once the carrier has been handed so many messages."""
        async with asyncio.timeout(seconds):
            while len(self.carrier.ledger.entries) < count:  # noqa: ASYNC110  # the ledger tells nobody
                await asyncio.sleep(0.02)

    async def flying(self, count: int, *, seconds: float = 15.0) -> None:
        """Return once so many sends are on the line, or none will be."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.carrier.waiting < count:  # noqa: ASYNC110  # the carrier tells nobody
                    await asyncio.sleep(0.002)

    async def settled(self, *, unknown: Sequence[str] = (), seconds: float = 60.0) -> Counter[str]:
        """Statuses once nothing is queued or under way, or nothing has moved for so long; unknown ones of these channels may stay."""
        left, since = -1, time.monotonic()
        while (now_left := await self.pending(unknown)) and time.monotonic() - since < seconds:
            if now_left != left:
                left, since = now_left, time.monotonic()
            await asyncio.sleep(0.2)
        return await self.counts()

    async def pending(self, unknown: Sequence[str] = ()) -> int:
        found = await self.rows(
            "select count(*) as n from message where direction = 'out' and (status in ('queued', 'claimed', 'sending')"
            " or (status = 'unknown' and channel <> all(:unknown)))",
            unknown=list(unknown),
        )
        return int(found[0]["n"])

    def accepted(self, kind: str) -> list[Entry]:
        return self.carrier.ledger.accepted(kind)

    def duplicates(self, kind: str) -> int:
        """Messages the carrier took more than once: by our id, which stands in the callback URL and the Message-ID."""
        return sum(n - 1 for n in Counter(message_id(entry) for entry in self.accepted(kind)).values())


def message_id(entry: Entry) -> str:
    return entry.message_id.strip("<>").partition("@")[0]


def in_flight(entries: Sequence[Entry], at: datetime) -> int:
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return sum(1 for e in entries if e.started_at <= moment < e.at)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


async def ready(url: str, *, seconds: float = 60.0) -> None:
    """Return once the service there says it is ready."""
    async with asyncio.timeout(seconds), aiohttp.ClientSession() as asking:
        while True:
            with contextlib.suppress(aiohttp.ClientError, OSError):
                async with asking.get(f"{url}/readyz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.1)
