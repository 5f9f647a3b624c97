"""What every benchmark stands on: a durable database of its own, the sinks, people, and the service's context."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

import channels
from outreach import db, embedded, migrations
from outreach.clock import Clock
from outreach.context import Context
from outreach.messages import outbox, phrases
from outreach.messages.delivery import Loop
from outreach.messages.drafts import Draft
from outreach.settings import Settings
from tests import cast

NOW = datetime(2026, 3, 11, 14, 30, tzinfo=UTC)


@dataclass
class Stage:
    context: Context
    #: a line per text the sink got: time, message id
    log: Path

    async def crowd(self, count: int) -> list[int]:
        async with self.context.session() as session:
            people = await cast.crowd(session, now=NOW, count=count)
        async with self.context.engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(sa.text("vacuum analyze"))
        return people

    async def plan(
        self, people: Sequence[int], *, channel: str, campaign_id: int | None = None, length: int = 0
    ) -> None:
        step = 1 if campaign_id else None
        words: dict[str, Any] = {"template": "reminder"}
        if length:  # what a template of that length would say
            said = (
                f"{phrases.disclosure('en', initial=False)} "
                + "We would like to hear from you about your account. " * (length // 51)
            )
            words = {"text": said, "subject": "A message from us", "notices": ("D2",)}
        for part in (people[n : n + 500] for n in range(0, len(people), 500)):
            drafts = [Draft(debtor_id=p, channel=channel, campaign_id=campaign_id, step=step, **words) for p in part]
            async with self.context.session() as session:
                await outbox.submit_many(session, drafts, now=self.context.now(), settings=self.context.settings)

    async def campaign(self) -> int:
        async with self.context.session() as session:
            found = await session.scalar(
                sa.text(
                    "insert into campaign (name, status, created_at) values ('bench', 'running', :now) returning id"
                ),
                {"now": NOW},
            )
        return int(found)

    @asynccontextmanager
    async def delivering(self) -> AsyncIterator[None]:
        stop = asyncio.Event()
        task = asyncio.create_task(Loop(self.context)(stop))
        try:
            yield
        finally:
            stop.set()
            await task

    async def busy(self) -> bool:
        """Whether a message is due or on its way."""
        async with self.context.session() as session:
            found = await session.scalar(
                sa.text(
                    "select exists (select 1 from message where status in ('claimed', 'sending'))"
                    " or exists (select 1 from message where status = 'queued' and not_before <= :now)"
                ),
                {"now": self.context.now()},
            )
        return bool(found)

    async def left(self) -> int:
        """Messages that have not come to an end."""
        async with self.context.session() as session:
            found = await db.one(
                session,
                "select count(*) as n from message where status in ('queued', 'claimed', 'sending') and not_before <= :now",
                now=self.context.now(),
            )
        return int(found["n"]) if found else 0


def _key(folder: Path) -> Path:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path = folder / "dkim.pem"
    path.write_bytes(
        made.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@asynccontextmanager
async def stage(*, latency_ms: float, signed: bool = False, connections: int = 16) -> AsyncIterator[Stage]:
    """Everything anew; the sinks answer after `latency_ms`. `signed`: mails get a DKIM signature (RSA 2048) here."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = await asyncio.to_thread(embedded.start, folder / "pg")
        await asyncio.to_thread(migrations.migrate, server.url)
        command = [sys.executable, "-m", "benchmarks.sinks", str(latency_ms), str(folder / "sink.log")]
        sinks = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
        assert sinks.stdout
        http, smtp = (await sinks.stdout.readline()).split()
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]
            database_url=server.url,
            data_dir=folder,
            twilio_account_sid="AC00000000000000000000000000000001",
            twilio_auth_token="local",
            twilio_messaging_service_sid="MG00000000000000000000000000000001",
            twilio_base_url=f"http://127.0.0.1:{http.decode()}",
            smtp_url=f"smtp://127.0.0.1:{smtp.decode()}?connections={connections}",
            dkim_selector="bench" if signed else "",
            dkim_key_file=str(_key(folder)) if signed else "",
            mail_from="Harbor <mail@harbor.example>",
            sms_segments_per_second=1_000_000,
            email_per_second=1_000_000,
            log_level="WARNING",
        )
        engine = db.engine(server.url, pool_size=20)
        clock = Clock(NOW - datetime.now(UTC))
        context = Context(
            settings=settings,
            engine=engine,
            sessions=db.session_factory(engine),
            clock=clock,
            key=b"k" * 32,
            channels=channels.build(settings.values() | {"secret_key": "6b" * 32}, clock=clock.now),
        )
        try:
            yield Stage(context, folder / "sink.log")
        finally:
            for adapter in context.channels.values():
                await adapter.aclose()
            await engine.dispose()
            sinks.kill()
            await sinks.wait()
            await asyncio.to_thread(embedded.leave, folder / "pg", patience=300)
