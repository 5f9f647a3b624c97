"""R15: a new release with a migration takes over from the one before it, process by process, during a campaign."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import sys
import time
from collections import Counter
from pathlib import Path

import aiohttp

from channels.carrier import Faults
from channels.carrier.webhooks import Webhooks
from outreach import embedded
from tests.chaos.world import WENT, Verdict, World, ready

FAULTS = Faults(latency_ms=(20.0, 200.0))
SETTINGS = {"SMS_SEGMENTS_PER_SECOND": "8", "LEASE_SECONDS": "30"}
ROOT = Path(__file__).parents[2]
#: what a release holds
PARTS = ("outreach", "channels", "dialogs", "scheduler", "templates")
COMMANDS = ("worker", "worker", "clock")
LONGEST_STOP = 20.0
#: what a process does before it becomes the command: the socket of others is its third descriptor, as systemd hands it on
_TAKE_SOCKET = (
    "import os, sys; os.dup2({at}, 3); os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1');"
    " os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)


def next_release(folder: Path) -> Path:
    """This release and one migration more."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    versions = folder / "outreach/migrations/versions"
    newest = max(versions.glob("[0-9]*.py")).stem
    name = f"{int(newest[:4]) + 1:04}_next"
    words = (Path(__file__).parent / "next_release.txt").read_text(encoding="utf-8")
    (versions / f"{name}.py").write_text(words.format(revision=name, newest=newest), encoding="utf-8")
    return folder


async def rolling_deploy(world: World, *, messages: int) -> list[Verdict]:
    """Nobody hears twice, nobody is turned away, and who stops hands back what it held."""
    after = await asyncio.to_thread(next_release, world.folder / "after")
    server = await asyncio.to_thread(embedded.create_database, world.server, f"{world.server.database}_rolling")
    with socket.create_server(("127.0.0.1", 0), backlog=512) as door:
        world.environment |= {
            "PUBLIC_URL": f"http://127.0.0.1:{door.getsockname()[1]}",
            "DATABASE_URL": server.dsn,
        }
        deploy = Deploy(world, door)
        try:
            await deploy.run(ROOT, "db", "migrate")
            await world.moved(server.url)
            web = await deploy.serve(ROOT)
            old = [await deploy.start(ROOT, command) for command in COMMANDS]
            await world.crowd(messages)
            await world.handed(messages // 20)
            asking = asyncio.create_task(deploy.ask())
            await deploy.run(after, "db", "migrate")
            new_web = await deploy.serve(after)
            stops = [await deploy.stop(web)]
            for each, command in zip(old, COMMANDS, strict=True):
                await deploy.start(after, command)
                stops.append(await deploy.stop(each))
            left = len(world.carrier.ledger.accepted("sms"))
            # and a web that is started again by itself: callers wait at the door
            stops.append(await deploy.stop(new_web))
            await deploy.serve(after)
            await world.command("update lane set rate = 500, burst = 500")  # the rest need not take its time
            statuses = await world.settled()
            asking.cancel()
            await asyncio.wait([asking])
            held = await world.rows("select 1 from attempt where outcome is null")
            (grown,) = await world.rows("select count(next_weight) as n from message")
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
            and statuses.total() == messages == grown["n"]
            and left < messages
            and max(stops) <= LONGEST_STOP,
            value=f"{messages} texts, {left} of them before the last old process stopped: {twice} duplicates, {dict(statuses)},"
            f" {len(deploy.answers)} requests to the web, {answers[5]} with 5xx, {answers[0]} without an answer,"
            f" stops of {', '.join(f'{s:.1f}' for s in stops)} s, {len(held)} attempts left open",
        )
    ]


async def _status(asking: aiohttp.ClientSession, url: str) -> int:
    """0 = no answer."""
    try:
        async with asking.get(url) as answer:
            return answer.status
    except (aiohttp.ClientError, TimeoutError):
        return 0


class _Provider(Webhooks):
    """Asks once, over a connection of its own."""

    def __init__(self, token: str) -> None:
        super().__init__(token, retries=())

    aclose = Webhooks.close


class Deploy:
    """Processes of two releases side by side."""

    def __init__(self, world: World, door: socket.socket) -> None:
        self.world, self.door = world, door
        self.processes: list[asyncio.subprocess.Process] = []
        self.answers: list[int] = []

    async def start(self, release: Path, *command: str, before: tuple[str, ...] = ()) -> asyncio.subprocess.Process:
        ours = {f"OUTREACH_{name}": value for name, value in self.world.environment.items()}
        with (self.world.folder / "workers.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, *before, "-m", "outreach", *command),
                cwd=release,
                env={**os.environ, "PYTHONPATH": str(release), **ours},
                stdout=log,
                stderr=log,
                pass_fds=(self.door.fileno(),),
            )
        self.processes.append(process)
        return process

    async def run(self, release: Path, *command: str) -> None:
        assert await (await self.start(release, *command)).wait() == 0

    async def serve(self, release: Path) -> asyncio.subprocess.Process:
        """Another web process on the same socket, ready."""
        before = ("-c", _TAKE_SOCKET.format(at=self.door.fileno()))
        said = self._listening()
        process = await self.start(release, "serve", before=before)
        async with asyncio.timeout(60):
            while self._listening() == said:  # noqa: ASYNC110  # another process's log tells nobody
                await asyncio.sleep(0.1)
        await ready(self.world.environment["PUBLIC_URL"])
        return process

    def _listening(self) -> int:
        return (self.world.folder / "workers.log").read_bytes().count(b"listening on")

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
                self.answers.append(await _status(asking, f"{url}/healthz"))
                async with contextlib.aclosing(_Provider(self.world.carrier.values["twilio_auth_token"])) as provider:
                    self.answers.append(await provider.post(f"{url}/hooks/sms", fields))
                await asyncio.sleep(0.05)

    async def end(self) -> None:
        for each in self.processes:
            with contextlib.suppress(ProcessLookupError):
                each.kill()
            await each.wait()
