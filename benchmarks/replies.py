"""T3: how long a reply takes from its commit to the provider while a campaign keeps the worker busy."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from benchmarks.stage import stage
from outreach.messages import outbox
from outreach.messages.drafts import Draft


async def measure(*, campaign: int, replies: int) -> dict[str, Any]:
    async with stage(latency_ms=100) as here:
        people = await here.crowd(campaign + replies)
        await here.plan(people[:campaign], channel="sms", campaign_id=await here.campaign())
        asked: dict[str, float] = {}
        async with here.delivering():
            await asyncio.sleep(2)
            for who in people[campaign:]:
                async with here.context.session() as session:
                    draft = Draft(debtor_id=who, channel="sms", template="reminder", purpose="campaign", priority=0)
                    done = await outbox.submit(session, draft, now=here.context.now(), settings=here.context.settings)
                asked[str(done.message_id)] = time.time()
                await asyncio.sleep(0.05)
            busy = await here.left()
            await asyncio.sleep(2)
        sent = {line.split()[1]: float(line.split()[0]) for line in here.log.read_text().splitlines()}
        waits = sorted(sent[each] - at for each, at in asked.items() if each in sent)
        return {
            "replies": len(waits),
            "campaign messages still queued": busy,
            "p50 ms": round(waits[len(waits) // 2] * 1000),
            "p95 ms": round(waits[int(len(waits) * 0.95)] * 1000),
        }
