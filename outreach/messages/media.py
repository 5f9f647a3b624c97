"""Files a provider keeps for us: fetched after the message is stored, or marked as not fetched, with the reason."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import structlog

from channels.contract import MediaRefused, SendError
from outreach import db
from outreach.context import Context

log = structlog.get_logger()

#: A provider that cannot be reached is asked so often, a job's interval apart.
TRIES = 20
_PENDING = """
select a.id, a.url, a.tries, m.channel from attachment a join message m on m.id = a.message_id
where a.url <> '' order by a.id limit 20
"""
_DONE = "update attachment set content = :content, size = :size, sha256 = :sha, url = '', problem = '' where id = :id"
_FAILED = """
update attachment set tries = tries + 1, problem = :problem, url = case when :last then '' else url end where id = :id
"""


async def fetch_pending(context: Context) -> int:
    """Fetch what is still with providers; returns how many files came."""
    async with context.session() as session:
        pending = await db.rows(session, _PENDING)
    return sum([await _fetch(context, each) for each in pending])


async def _fetch(context: Context, file: Mapping[str, Any]) -> bool:
    """Nothing is open in the database while the provider is on the line."""
    adapter = context.channels.get(file["channel"])
    if adapter is None or not hasattr(adapter, "fetch_media"):
        return False
    content, problem, last = b"", "", False
    try:
        content = await adapter.fetch_media(file["url"])
    except MediaRefused as error:
        problem, last = error.reason, True
    except SendError as error:
        problem, last = error.reason, file["tries"] + 1 >= TRIES
    async with context.session() as session:
        if problem:
            log.warning("media_not_fetched", attachment=file["id"], reason=problem, last=last)
            await db.change(session, _FAILED, id=file["id"], problem=f"Not fetched: {problem}", last=last)
        else:
            sha = hashlib.sha256(content).hexdigest()
            await db.change(session, _DONE, id=file["id"], content=content, size=len(content), sha=sha)
    return not problem
