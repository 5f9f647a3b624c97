"""The story of `outreach demo`: its stage, its acts in order, its closing page."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from channels.carrier import Carrier
from outreach.context import Context
from outreach.settings import Settings

EASTERN = ZoneInfo("America/New_York")
console = Console(highlight=False)


@dataclass(frozen=True, slots=True)
class Stage:
    """What every act plays on."""

    context: Context
    carrier: Carrier
    folder: Path
    accounts: int
    seed: int


def opening(real: datetime) -> datetime:
    """The last weekday's 10:30 Eastern: every mainland window but the far west's is open."""
    day = real.astimezone(EASTERN)
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    return day.replace(hour=10, minute=30, second=0, microsecond=0).astimezone(UTC)


async def tell(*, accounts: int, seed: int, leave: bool) -> None:
    """Raise the stage, play every act, then stay until interrupted."""
    from outreach.cli import _acts, _figures, _scenes

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with _raised(accounts=accounts, seed=seed, stop=stop) as stage:
        telling = asyncio.create_task(_play(stage, (_acts.intake, _acts.campaign, _scenes.answers, _figures.closing)))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait([telling, stopped], return_when=asyncio.FIRST_COMPLETED)
        if telling.done():
            telling.result()
            if not leave:
                await _acts.doors(stage)
                await stop.wait()
        telling.cancel()
        stop.set()


async def _play(stage: Stage, acts: tuple[object, ...]) -> None:
    for act in acts:
        await act(stage)  # type: ignore[operator]


@contextlib.asynccontextmanager
async def _raised(*, accounts: int, seed: int, stop: asyncio.Event) -> AsyncIterator[Stage]:
    """A carrier on loopback, a fresh database, and the service's own three parts, all in this process."""
    from outreach import app
    from outreach.cli import _run

    base = Settings()
    folder = base.data_dir / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    port, lmtp = _free(base.port), _free(0)
    async with Carrier(lmtp=("127.0.0.1", lmtp), ledger=folder / "ledger.jsonl") as carrier:
        settings = _settings(base, carrier, folder=folder, port=port, lmtp=lmtp)
        carrier.webhook_url = f"{settings.base_url}/hooks/sms"
        app.load_jobs()
        async with app.running(settings) as context:
            parts = asyncio.create_task(_run.together(context, (_run.web, _run.work, _run.tick), stop))
            try:
                await _listening(context, parts)
                yield Stage(context, carrier, folder, accounts, seed)
            finally:
                stop.set()
                await parts


def _settings(base: Settings, carrier: Carrier, *, folder: Path, port: int, lmtp: int) -> Settings:
    """The settings that reach real providers, reaching ours."""
    ours = {
        **carrier.values,
        "data_dir": folder,
        "database_url": "",
        "port": port,
        "public_url": "",
        "host": "127.0.0.1",
        "mail_from": f"{base.company_name} <post@harborpoint.example>",
        "mail_domain": "harborpoint.example",
        "lmtp_listen": f"127.0.0.1:{lmtp}",
        "now": opening(datetime.now(UTC)),
        "sms_segments_per_second": 120.0,
        "email_per_second": 60.0,
        "log_level": "ERROR",
    }
    return Settings(**{**base.model_dump(), **ours})


def _free(wanted: int) -> int:
    """The wanted port if nobody has it, else any."""
    for port in (wanted, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise OSError("no free port")


async def _listening(context: Context, parts: asyncio.Task[None]) -> None:
    """Until the web answers; what failed to start fails here."""
    import aiohttp

    async with aiohttp.ClientSession() as session:
        for _ in range(200):
            if parts.done():
                parts.result()
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(f"{context.settings.base_url}/healthz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.05)
    raise TimeoutError("the service did not come up")
