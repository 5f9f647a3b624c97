"""What left is not what was decided, or not once."""

from __future__ import annotations

from datetime import timedelta

from tests.evidence import ledger
from tests.evidence.scene import Scene, lawful, plant


@plant("twice")
async def twice(s: Scene) -> None:
    message = await s.sent()
    await ledger.attempt(s.session, message_id=message, at=s.at + timedelta(minutes=1), number=2)


@plant("undecided")
async def undecided(s: Scene) -> None:
    await s.sent(decided=False)


@plant("undecided")
async def decided_only_later(s: Scene) -> None:
    message = await s.sent(decided=False)
    await ledger.decision(s.session, message_id=message, debtor_id=s.who, at=s.at + timedelta(minutes=1))


@plant("altered")
async def altered(s: Scene) -> None:
    message = await s.sent()
    await s.sql("update message set text = replace(text, 'Harbor Point', 'Somebody') where id = :id", id=message)


@lawful
async def ordinary(s: Scene) -> None:
    await s.sent()


@lawful
async def not_connected(s: Scene) -> None:
    await s.sent(at=s.at.replace(hour=6))
    await s.sql("update attempt set outcome = 'rejected'")
