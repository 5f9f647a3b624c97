"""R18: people write while the web is killed: every message acts once, none that we took is lost, the provider's log has the rest."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence

import channels
from channels.carrier.texts import Text
from channels.carrier.webhooks import Webhooks
from outreach.conversations import jobs
from tests.chaos.world import Verdict, World, ready

OURS = "+16145550100"
#: requests under way at once
AT_ONCE = 24
REPEATED = 0.2
WORDS = ("How much do I owe?", "STOP", "I can pay $50 on Friday", "wrong number", "who is this?")
#: each text kept, and what a refusal in it did
_KEPT = """
select provider_id, count(*) as times from (
  select provider_id from message where direction = 'in' union all select provider_id from unrouted_inbound) kept group by 1
"""
_REFUSALS = (
    "select max(n) as most from (select count(*) as n from consent where message_id is not null group by message_id) c"
)


async def heard(world: World, *, texts: int, kills: int) -> list[Verdict]:
    """Deliveries in the order of the dice, a fifth of them twice, the web killed in between."""
    await world.crowd(min(texts, 2000))
    phones = [r["address"] for r in await world.rows("select address from contact_point where address like '+%'")]
    sent = [_text(world, phones[n % len(phones)]) for n in range(texts)]
    deliveries = [*sent, *world.random.sample(sent, int(texts * REPEATED))]
    world.random.shuffle(deliveries)
    moments = sorted(world.random.sample(range(len(deliveries) // 10, len(deliveries)), kills))
    answers: Counter[int] = Counter()
    taken: set[str] = set()
    async with world.serving():
        for begin, end in itertools.pairwise([0, *moments, len(deliveries)]):
            await asyncio.gather(_deliver(world, deliveries[begin:end], taken, answers), _kill(world, begin))
    kept = await _kept(world)
    lost = taken - kept.keys()
    await _catch_up(world)
    found = await _kept(world)
    twice = sum(times > 1 for times in found.values())
    (refusals,) = await world.rows(_REFUSALS)
    missing = {fields["MessageSid"] for fields in sent} - found.keys()
    return [
        Verdict(
            id="R18",
            passed=not (lost or twice or missing) and len(found) == texts and refusals["most"] == 1 and answers[0] > 0,
            value=f"{len(deliveries)} webhooks for {texts} texts, {kills} kills of the web, {answers[0]} without an answer:"
            f" {len(lost)} lost of {len(taken)} answered 2xx, {twice} kept twice, at most {refusals['most']} refusal of a text,"
            f" {len(found) - len(kept)} found by catching up, {len(missing)} never",
        )
    ]


def _text(world: World, phone: str) -> Mapping[str, str]:
    """One text in the carrier's log, and the fields of its webhook."""
    values = world.carrier.values
    account, service = values["twilio_account_sid"], values["twilio_messaging_service_sid"]
    body = world.random.choice(WORDS)
    text = Text(
        account_sid=account,
        to=OURS,
        sender=phone,
        body=body,
        direction="inbound",
        status="received",
        service_sid=service,
    )
    text.sent_at = text.created_at
    world.carrier.texts.add(text)
    return {
        "MessageSid": text.sid,
        "AccountSid": account,
        "MessagingServiceSid": service,
        "From": phone,
        "To": OURS,
        "Body": body,
        "NumMedia": "0",
    }


async def _deliver(
    world: World, deliveries: Sequence[Mapping[str, str]], taken: set[str], answers: Counter[int]
) -> None:
    """Each once; after one that nobody answered, the next waits for the web."""
    left = iter(deliveries)
    provider = Webhooks(world.carrier.values["twilio_auth_token"], at_once=AT_ONCE, retries=())
    url = world.environment["PUBLIC_URL"]

    async def some() -> None:
        for fields in left:
            status = await provider.post(f"{url}/hooks/sms", fields)
            answers[status] += 1
            if 200 <= status < 300:
                taken.add(fields["MessageSid"])
            elif not status:
                await ready(url)

    try:
        await asyncio.gather(*(some() for _ in range(AT_ONCE)))
    finally:
        await provider.close()


async def _kill(world: World, begin: int) -> None:
    if begin:
        await asyncio.sleep(world.random.uniform(0.05, 0.3))
        world.webs[0].kill()


async def _kept(world: World) -> Mapping[str, int]:
    return {row["provider_id"]: row["times"] for row in await world.rows(_KEPT)}


async def _catch_up(world: World) -> None:
    context = world.context
    context.channels = channels.build(context.settings.values(), clock=context.now)
    await jobs.catch_up(context)
    for adapter in context.channels.values():
        await adapter.aclose()
