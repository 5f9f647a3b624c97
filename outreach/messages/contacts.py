"""What a message that left, or may have left, is to the law: the first communication about its debts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from outreach import db
from outreach.messages.states import CONVEYS

#: The moment is the attempt's own, so that an attempt found not sent can take it back.
_COUNT = f"""
with said as (
  select o.account_ids, o.purpose, o.content, a.started_at from message o
  join attempt a on a.message_id = o.id and a.number = o.attempts where o.id = any(:ids)
)
update account set initial_communication_at = s.started_at
from (select started_at, unnest(account_ids) as account_id from said where {CONVEYS}) s
where account.id = s.account_id and account.initial_communication_at is null
"""
_TAKE_BACK = """
update account set initial_communication_at = null where initial_communication_at = :at
  and id in (select unnest(account_ids) from message where id = :id)
"""


async def count(connection: AsyncConnection | AsyncSession, *, ids: Sequence[UUID]) -> None:
    """These messages left, or nobody knows whether they did."""
    await connection.execute(db.text(_COUNT), {"ids": list(ids)})


async def take_back(connection: AsyncConnection | AsyncSession, *, message_id: UUID, at: datetime) -> None:
    """The attempt begun at `at` never left after all: it was nobody's first communication."""
    await connection.execute(db.text(_TAKE_BACK), {"id": message_id, "at": at})
