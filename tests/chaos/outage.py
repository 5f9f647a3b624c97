"""R4: the database cannot be reached, then takes nothing, then has no room: no request starts, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from channels.carrier import Faults
from channels.carrier.webhooks import Webhooks
from outreach.messages.gate import FRESH
from tests.chaos.passage import Passage, to_socket
from tests.chaos.world import WENT, Verdict, World

FAULTS = Faults(latency_ms=(20.0, 100.0))
#: slow enough that there is always something left to send
SETTINGS = {"SMS_SEGMENTS_PER_SECOND": "25"}
#: a permission given just before lives so long
GRACE = timedelta(seconds=FRESH + 0.1)
_FULL = """
create function no_room() returns trigger language plpgsql as $$
begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$
"""
_TABLES = ("attempt", "message", "decision_record", "provider_receipt", "unrouted_inbound")


async def outage(world: World, *, messages: int, seconds: float) -> list[Verdict]:
    """Three troubles in turn while a campaign runs and people write."""
    async with Passage(to_socket(f"{world.server.socket_folder}/.s.PGSQL.5432")) as door:
        world.environment["DATABASE_URL"] = (
            f"postgresql://outreach:{world.server.password}@127.0.0.1:{door.port}/{world.server.database}"
        )
        await world.crowd(messages)
        async with world.serving():
            world.start(2)
            quiet: list[tuple[str, str]] = []
            answers: dict[str, int] = {}
            heard: list[str] = []
            for trouble in (_unreachable(door), _read_only(world), _no_room(world)):
                await world.handed(len(world.carrier.ledger.entries) + 3)
                async with trouble as name:
                    begun = datetime.now(UTC) + GRACE
                    await asyncio.sleep(seconds / 2)
                    heard.append(f"SM{uuid4().hex}")
                    answers[name] = await _write_to_us(world, heard[-1])
                    await asyncio.sleep(seconds / 2)
                    quiet.append((_iso(begun), _iso(datetime.now(UTC))))
            for each in heard:  # the provider tries again
                await _until_kept(world, each)
            statuses = await world.settled(seconds=90)
        kept = await world.rows("select provider_id from unrouted_inbound")
    late = [e for e in world.carrier.ledger.entries if e.kind == "sms" and any(a < e.started_at < b for a, b in quiet)]
    twice = world.duplicates("sms")
    lost = messages - len({e.message_id for e in world.accepted("sms")})
    return [
        Verdict(
            id="R4",
            passed=not (late or twice or lost)
            and statuses.keys() <= WENT
            and all(code >= 500 or code == 0 for code in answers.values())
            and {row["provider_id"] for row in kept} == set(heard),
            value=f"{messages} texts, {seconds:.0f} s each: {len(late)} requests started meanwhile, webhooks answered {answers},"
            f" {twice} duplicates, {lost} lost, {len(kept)} of {len(heard)} inbound kept, {dict(statuses)}",
        )
    ]


@asynccontextmanager
async def _unreachable(door: Passage) -> AsyncIterator[str]:
    door.shut()
    yield "unreachable"
    door.open()


@asynccontextmanager
async def _read_only(world: World) -> AsyncIterator[str]:
    await world.command("alter system set default_transaction_read_only = on", "select pg_reload_conf()")
    yield "read only"
    await world.command(
        "set default_transaction_read_only = off",
        "alter system reset default_transaction_read_only",
        "select pg_reload_conf()",
    )


@asynccontextmanager
async def _no_room(world: World) -> AsyncIterator[str]:
    triggers = [f"create trigger no_room before insert on {t} for each row execute function no_room()" for t in _TABLES]
    await world.command(_FULL, *triggers)
    yield "no room"
    await world.command("drop function no_room() cascade")


async def _write_to_us(world: World, sid: str) -> int:
    """A stranger's text, as the provider hands it over once; its status, 0 = no answer."""
    url = f"{world.environment['PUBLIC_URL']}/hooks/sms"
    account, service = (world.carrier.values[f"twilio_{name}"] for name in ("account_sid", "messaging_service_sid"))
    fields = {"MessageSid": sid, "AccountSid": account, "MessagingServiceSid": service}
    fields |= {"From": "+12065550188", "To": "+16145550100", "Body": "who is this?", "NumMedia": "0"}
    provider = Webhooks(world.carrier.values["twilio_auth_token"], retries=())
    try:
        return await provider.post(url, fields)
    finally:
        await provider.close()


async def _until_kept(world: World, sid: str) -> None:
    async with asyncio.timeout(60):
        while not 200 <= await _write_to_us(world, sid) < 300:  # noqa: ASYNC110  # the provider only asks
            await asyncio.sleep(0.5)


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
