"""A worker that is killed between the provider's yes and the database loses no answer."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from channels.contract import Sent
from outreach import db
from outreach.context import Context
from outreach.messages import journal, recorder
from outreach.messages.record import outcome_of
from tests.delivery.test_outcomes import LANE, attempted


async def test_what_a_dead_worker_was_told_is_written_by_the_next(
    context: Context, now: datetime, tmp_path: Path
) -> None:
    context.settings.data_dir = tmp_path
    ready = await attempted(context, now)
    dying = recorder.Recorder(context, lane=LANE)
    dying.put(outcome_of(ready, Sent(provider_id="SM1")))
    assert await recorder.adopt(context) == 0  # it still lives: its journal is locked
    dying._journal.close()  # as the system does when a process is killed
    with next((tmp_path / journal.FOLDER).glob("*.jsonl")).open("a", encoding="ascii") as cut_short:
        cut_short.write('["half a li')
    assert await recorder.adopt(context) == 1
    async with context.session() as session:
        found = await db.one(session, "select status, provider_id from message")
    assert found == {"status": "accepted", "provider_id": "SM1"}
    assert await recorder.adopt(context) == 0
    assert not list((tmp_path / journal.FOLDER).glob("*.jsonl"))
