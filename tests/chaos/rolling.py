"""R15: a new release with a migration takes over from the one before it, process by process, during a campaign."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import signal
import subprocess
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from channels.carrier import Faults
from channels.carrier.webhooks import Webhooks
from outreach import embedded
from tests.chaos.passage import Passage, to_port
from tests.chaos.world import WENT, Verdict, World, free_port, ready

FAULTS = Faults(latency_ms=(20.0, 200.0))
SETTINGS = {"SMS_SEGMENTS_PER_SECOND": "8", "LEASE_SECONDS": "30"}
ROOT = Path(__file__).parents[2]
#: what a release holds
PARTS = ("outreach", "channels", "dialogs", "scheduler", "templates")
LONGEST_STOP = 20.0


class NoHistoryError(Exception):
    """The release before the newest migration cannot be found: no git, or a shallow clone."""


def release_before(folder: Path) -> Path:
    """The sources as they were before the newest migration was added."""
    newest = max((ROOT / "outreach/migrations/versions").glob("[0-9]*.py")).relative_to(ROOT)
    added = _git("log", "--diff-filter=A", "-1", "--format=%H", "--", str(newest)).decode().strip()
    if not added:
        raise NoHistoryError
    with tarfile.open(fileobj=io.BytesIO(_git("archive", f"{added}^", *PARTS))) as archive:
        archive.extractall(folder, filter="data")
    for trained in ROOT.glob("dialogs/**/*.npz"):  # made at set-up, not kept in the history
        target = folder / trained.relative_to(ROOT)
        target.write_bytes(trained.read_bytes())
    return folder


def _git(*arguments: str) -> bytes:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        raise NoHistoryError
    return done.stdout


async def rolling_deploy(world: World, *, messages: int) -> list[Verdict]:
    """Nobody hears twice, nobody is turned away, and who stops hands back what it held."""
    before = release_before(world.folder / "before")
    server = await asyncio.to_thread(embedded.create_database, world.server, f"{world.server.database}_rolling")
    async with Passage(to_port(free_port())) as door:
        world.environment |= {"PUBLIC_URL": f"http://127.0.0.1:{door.port}", "DATABASE_URL": server.dsn}
        deploy = Deploy(world, door)
        try:
            await deploy.run(before, "db", "migrate")
            await world.moved(server.url)
            web = await deploy.serve(before)
            old = [await deploy.start(before, command) for command in ("worker", "worker", "clock")]
            await world.crowd(messages)
            await world.handed(messages // 10)
            asking = asyncio.create_task(deploy.ask())
            await deploy.run(ROOT, "db", "migrate")
            await deploy.serve(ROOT)
            stops = [await deploy.stop(web)]
            for each, command in zip(old, ("worker", "worker", "clock"), strict=True):
                await deploy.start(ROOT, command)
                stops.append(await deploy.stop(each))
            left = len(world.carrier.ledger.accepted("sms"))
            await world.command("update lane set rate = 500, burst = 500")  # the rest need not take its time
            statuses = await world.settled()
            asking.cancel()
            await asyncio.wait([asking])
            held = await world.rows("select 1 from attempt where outcome is null")
        finally:
            await deploy.end()
            await world.context.engine.dispose()
            await asyncio.to_thread(embedded.drop_database, server)
    answers = Counter(status // 100 for status in deploy.answers)
    twice = world.duplicates("sms")
    return [
        Verdict(
            id="R15",
            passed=not (twice or held or answers[5] or answers[0])
            and statuses.keys() <= WENT
            and statuses.total() == messages
            and left < messages
            and max(stops) <= LONGEST_STOP,
            value=f"{messages} texts, {left} of them before the last old process stopped: {twice} duplicates, {dict(statuses)},"
            f" {len(deploy.answers)} requests to the web, {answers[5]} with 5xx, {answers[0]} without an answer,"
            f" stops of {', '.join(f'{s:.1f}' for s in stops)} s, {len(held)} attempts left open",
        )
    ]


class _Provider(Webhooks):
    """Asks once, over a connection of its own."""

    def __init__(self, token: str) -> None:
        super().__init__(token, retries=())

    aclose = Webhooks.close


class Deploy:
    """Processes of two releases side by side."""

    def __init__(self, world: World, door: Passage) -> None:
        self.world, self.door = world, door
        self.processes: list[asyncio.subprocess.Process] = []
        self.answers: list[int] = []

    def _environment(self, release: Path, more: Mapping[str, str]) -> dict[str, str]:
        ours = {f"OUTREACH_{name}": value for name, value in {**self.world.environment, **more}.items()}
        return {**os.environ, "PYTHONPATH": str(release), **ours}

    async def start(self, release: Path, *command: str, **more: str) -> asyncio.subprocess.Process:
        with (self.world.folder / "workers.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "outreach", *command),
                cwd=release,
                env=self._environment(release, more),
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    async def run(self, release: Path, *command: str) -> None:
        assert await (await self.start(release, *command)).wait() == 0

    async def serve(self, release: Path) -> asyncio.subprocess.Process:
        """Another web process; once it is ready, the door leads there."""
        port = free_port()
        process = await self.start(release, "serve", PORT=str(port))
        await ready(f"http://127.0.0.1:{port}")
        self.door.to = to_port(port)
        return process

    async def stop(self, process: asyncio.subprocess.Process) -> float:
        """How long it takes after SIGTERM; seconds."""
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        await process.wait()
        return time.monotonic() - began

    async def ask(self) -> None:
        """People and providers use the web all the while."""
        url = self.world.environment["PUBLIC_URL"]
        fields = {"MessageSid": "SM" + "0" * 32, "MessageStatus": "delivered"}
        timeout = aiohttp.ClientTimeout(total=20)
        async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(force_close=True)) as asking:
            while True:
                with contextlib.suppress(aiohttp.ClientError):
                    self.answers.append(0)
                    async with asking.get(f"{url}/healthz") as answer:
                        self.answers[-1] = answer.status
                async with contextlib.aclosing(_Provider(self.world.carrier.values["twilio_auth_token"])) as provider:
                    self.answers.append(await provider.post(f"{url}/hooks/sms", fields))
                await asyncio.sleep(0.05)

    async def end(self) -> None:
        for each in self.processes:
            with contextlib.suppress(ProcessLookupError):
                each.kill()
            await each.wait()
