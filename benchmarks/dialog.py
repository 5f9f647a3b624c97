"""A turn of the dialog: by itself on one core, through the whole service beside the bare statements it needs, and through Rasa."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from benchmarks.stage import NOW, Stage, stage
from channels.contract import Inbound
from dialogs.understand.trainer import compose
from outreach import app, conversations
from outreach.context import Context
from outreach.conversations import answer, engine
from tests import cast
from tests.dialogs import cast as people
from tests.rasa.server import serving

#: what people write in a conversation that ends in a plan, with a question in between
CONVERSATION = ("whats my balance", "can i do 50 a month", "who is this", "april 1", "actually 70", "yes")
_LOAD = (
    "import time; s = time.perf_counter(); from pathlib import Path; import dialogs;"
    " from dialogs import understand; i = time.perf_counter(); understand.warm(); print(i - s, time.perf_counter() - i)"
)


async def measure(*, turns: int) -> dict[str, Any]:
    app.load_jobs()
    async with stage(latency_ms=0) as here:
        here.context.dialog = engine.load(here.context.settings)
        alone = await _alone(here.context.dialog, turns)
        service, bare, counted = await _beside(here, turns)
    fresh = await asyncio.to_thread(subprocess.check_output, [sys.executable, "-c", _LOAD], text=True)
    imports, warm = (float(seconds) for seconds in fresh.split())
    return {
        "turn alone p50 ms": _ms(alone, 0.5),
        "turn alone p95 ms": _ms(alone, 0.95),
        "below 10 ms": _ms(alone, 0.95) < 10,
        "reader ready after s": round(warm, 2),
        "imports s": round(imports, 2),
        "commits a turn": counted["commits"],
        "statements a turn": counted["statements"],
        "whole service p50 ms": _ms(service, 0.5),
        "its statements and commits alone p50 ms": _ms(bare, 0.5),
        "whole service / statements and commits": round(_ms(service, 0.5) / _ms(bare, 0.5), 2),
    }


async def through_rasa(*, turns: int) -> dict[str, Any]:
    """The same words through a Rasa server and in-process, in one run."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as url:
        async with stage(latency_ms=0) as here:
            settings = here.context.settings.model_copy(update={"dialog_engine": "rasa", "rasa_url": url})
            rasa = await _conversing(engine.load(settings), turns)
            ours = await _conversing(engine.load(here.context.settings), turns)
    return {
        "turns": turns,
        "in-process p50 ms": _ms(ours, 0.5),
        "through Rasa p50 ms": _ms(rasa, 0.5),
        "Rasa / in-process": round(_ms(rasa, 0.5) / _ms(ours, 0.5), 1),
    }


async def _alone(dialog: Any, turns: int) -> list[float]:
    """Processor seconds of whole turns over messages of every kind."""
    texts = [m["text"] for m in compose.read() if m["source"] == "written"]
    times = []
    for n in range(turns):
        started = time.process_time()
        await dialog.take_turn({}, people.heard(texts[n * 7 % len(texts)]), people.DANA)
        times.append(time.process_time() - started)
    return times[turns // 10 :]


async def _conversing(dialog: Any, turns: int) -> list[float]:
    times: list[float] = []
    while len(times) < turns:
        memory: Any = {}
        for text in CONVERSATION:
            started = time.perf_counter()
            memory = (await dialog.take_turn(memory, people.heard(text), people.DANA)).memory
            times.append(time.perf_counter() - started)
    return times[len(CONVERSATION) :] if turns > len(CONVERSATION) else times


async def _beside(here: Stage, turns: int) -> tuple[list[float], list[float], dict[str, float]]:
    """Turns from arrival to the queued reply; and of each, the time its own statements and commits took by themselves."""
    context = here.context
    async with context.session() as session:
        owed = await cast.creditor(session, now=NOW)
        count = max(turns // len(CONVERSATION), 1) + 1
        who = [await cast.person(session, now=NOW, n=n, creditor_id=owed) for n in range(1, count + 1)]
        numbers = [await session.scalar(sa.text(_NUMBER), {"d": debtor_id}) for debtor_id in who]
    bare = _Bare(context.engine.sync_engine)
    for text in CONVERSATION:  # warm
        await _heard(context, who[0], numbers[0], text)
    bare.tally.clear()
    service, alone = [], []
    for debtor_id, number in zip(who[1:], numbers[1:], strict=True):
        for text in CONVERSATION:
            started, bare.spent = time.perf_counter(), 0.0
            await _heard(context, debtor_id, number, text)
            service.append(time.perf_counter() - started)
            alone.append(bare.spent)
    return service, alone, {name: round(n / len(service), 1) for name, n in bare.tally.items()}


_NUMBER = "select address from contact_point where debtor_id = :d and kind = 'phone'"


class _Bare:
    """Counts an engine's statements and commits, and adds up the time from asking to having the answer."""

    def __init__(self, of: Any) -> None:
        self.tally: Counter[str] = Counter()
        self.spent = 0.0
        self._asked = 0.0
        sa.event.listen(of, "before_cursor_execute", lambda *_: self._ask())
        sa.event.listen(of, "after_cursor_execute", lambda *_: self._had("statements"))
        sa.event.listen(of, "commit", lambda *_: self._ask("commits"))
        # the connection goes back as soon as the commit is through
        sa.event.listen(of, "checkin", lambda *_: self._had(""))

    def _ask(self, what: str = "") -> None:
        self._asked = time.perf_counter()
        if what:
            self.tally[what] += 1

    def _had(self, what: str) -> None:
        if self._asked:
            self.spent += time.perf_counter() - self._asked
        self._asked = 0.0
        if what:
            self.tally[what] += 1


async def _heard(context: Context, debtor_id: int, number: str, text: str) -> None:
    words = Inbound(provider_id=f"bench-{uuid4()}", sender=number, to="us", text=text)
    async with context.session() as session:
        await conversations.receive(session, replace(words), context=context, channel="sms", now=context.now())
    await answer.answer(context, debtor_id=debtor_id)


def _ms(times: list[float], share: float) -> float:
    return round(sorted(times)[int(len(times) * share)] * 1000, 2)


if __name__ == "__main__":
    print(asyncio.run(measure(turns=120)))
