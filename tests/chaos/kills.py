"""R1 and R2: `kill -9` of workers at random moments while texts and mails are on their way."""

from __future__ import annotations

from datetime import UTC, datetime

from channels.carrier import Faults, Rule
from tests.chaos.world import WENT, Verdict, World, in_flight, message_id

#: connections to the relay: with each kill, as many mails at most are caught between the dot and the answer
CONNECTIONS = 16
#: sends on the line at each kill
FLYING = 50
#: and 5 % of the mails lose their connection there anyway
FAULTS = Faults(latency_ms=(20.0, 300.0), mail=(Rule(fault="drop", share=0.05, attempts=1),))


async def killed_workers(
    world: World, *, texts: int, mails: int, kills: int, flying: int = FLYING, workers: int = 3
) -> list[Verdict]:
    """Every text is accounted for; every mail in doubt is listed, and few are."""
    for channel, count in (("sms", texts), ("email", mails)):  # other people: one contact a day
        await world.crowd(count, channel=channel)
    world.start(workers)
    moments: list[datetime] = []
    for _ in range(kills):
        # at any moment of the campaign's first part, however fast this machine is, with many sends on the line
        handed = len(world.carrier.ledger.entries) + world.random.randrange(1, max(2, (texts + mails) // 2 // kills))
        await world.handed(min(handed, (texts + mails) * 3 // 4))
        await world.flying(flying)
        moments.append(datetime.now(UTC))
        world.kill()
    await world.settled(unknown=["email"])
    return [await _texts(world, texts, moments), await _mails(world, mails)]


async def _texts(world: World, messages: int, moments: list[datetime]) -> Verdict:
    taken = {message_id(entry) for entry in world.accepted("sms")}
    rows = await world.rows("select id::text, status, reason from message where channel = 'sms' and direction = 'out'")
    lost = [r for r in rows if r["id"] not in taken and not r["reason"]]
    wrong = [r for r in rows if (r["id"] in taken) != (r["status"] in WENT)]
    flying = [in_flight(world.carrier.ledger.entries, at) for at in moments]
    twice = world.duplicates("sms")
    return Verdict(
        id="R1",
        passed=len(rows) == messages and not (twice or lost or wrong),
        value=f"{messages} texts, {len(moments)} kills, in flight at kills {min(flying, default=0)}-{max(flying, default=0)}:"
        f" {twice} duplicates, {len(lost)} missing, {len(wrong)} whose status is not the ledger's",
    )


async def _mails(world: World, messages: int) -> Verdict:
    taken = {message_id(entry) for entry in world.accepted("mail")}
    rows = await world.rows(
        "select id::text, status, reason from message where channel = 'email' and direction = 'out'"
    )
    unknown = {r["id"] for r in rows if r["status"] == "unknown"}
    lost = [r for r in rows if r["id"] not in taken | unknown and not r["reason"]]
    drops = sum(1 for entry in world.carrier.ledger.entries if entry.kind == "mail" and entry.fault)
    bound = world.kills * CONNECTIONS + drops
    twice = world.duplicates("mail")
    return Verdict(
        id="R2",
        passed=len(rows) == messages and not (twice or lost) and len(unknown) <= bound,
        value=f"{messages} mails, {world.kills} kills, {drops} dropped after the dot: {twice} duplicates, {len(lost)} lost,"
        f" {len(unknown)} listed as unknown (at most {bound})",
    )
