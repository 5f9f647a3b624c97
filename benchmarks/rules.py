"""T1: decisions a second, and what gathering, deciding and recording cost beside the bare scan and the bare COPY."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.stage import NOW, stage
from outreach import compliance, tokens
from outreach.messages import outbox, people, records
from outreach.messages.drafts import Draft

BATCH = 500


async def measure(*, count: int) -> dict[str, Any]:
    async with stage(latency_ms=0) as here:
        ids = await here.crowd(count)
        parts = [ids[n : n + BATCH] for n in range(0, count, BATCH)]
        settings = here.context.settings
        began = time.perf_counter()
        async with here.context.engine.connect() as connection:
            for part in parts:
                await people.load(connection, part, now=NOW)
        scan = time.perf_counter() - began

        began = time.perf_counter()
        judged = []
        async with here.context.session() as session:
            for part in parts:
                drafts = [Draft(debtor_id=p, channel="sms", template="reminder") for p in part]
                judged += await outbox.preview_many(session, drafts, now=NOW, settings=settings)
        gathered = time.perf_counter() - began

        began = time.perf_counter()
        async with here.context.session() as session:
            await records.store(session, [(tokens.new_id(), j) for j in judged], stage="plan", now=NOW)
        stored = time.perf_counter() - began

        facts = [j.facts for j in judged if j.facts is not None]
        began = time.perf_counter()
        for each in facts:
            compliance.decide(each)
        decided = len(facts) / (time.perf_counter() - began)
        return {
            "decisions per second": round(decided),
            "people": count,
            "bare scan s": round(scan, 2),
            "gather, word, decide, review s": round(gathered, 2),
            "record s": round(stored, 2),
            "ratio to the scan": round((gathered + stored) / scan, 1),
        }
