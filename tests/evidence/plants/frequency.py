"""Too often."""

from __future__ import annotations

from datetime import timedelta

from tests.evidence.scene import Scene, lawful, plant


@plant("cap")
async def two_a_day(s: Scene) -> None:
    await s.sent(at=s.at + timedelta(hours=3))
    await s.sent(medium="email")


@plant("cap")
async def four_a_week(s: Scene) -> None:
    await s.days(6, 4, 2, 0)


@plant("cap")
async def massachusetts(s: Scene) -> None:
    await s.lives("MA", "02139")
    await s.days(6, 3, 0)


@plant("cap")
async def massachusetts_call(s: Scene) -> None:
    await s.lives("MA", "02139")
    call = await s.sent(at=s.at - timedelta(days=2), medium="sms")
    await s.sql("delete from attempt where message_id = :id", id=call)
    await s.sql(
        """update message set medium = 'voice', content = '{"outcome": "call_unanswered"}' where id = :id""", id=call
    )
    await s.days(3, 0)


@plant("answered_twice")
async def answered_twice(s: Scene) -> None:
    asked = await s.heard(at=s.at - timedelta(minutes=5))
    await s.sql("drop index uq_message_answer")
    for minute in (0, 1):
        await s.sent(at=s.at + timedelta(minutes=minute), purpose="reply", in_reply_to=asked)


@lawful
async def three_in_a_week(s: Scene) -> None:
    await s.days(7, 6, 3, 0)


async def district(s: Scene) -> None:
    await s.lives("DC", "20001")
    await s.days(6, 5, 4, 3, 2, 0, medium="email")


async def new_york_city(s: Scene) -> None:
    await s.lives("NY", "11201")
    await s.days(6, 5, 4, 0, medium="email")


async def washington(s: Scene) -> None:
    await s.lives("WA", "98101", area="206")
    await s.days(6, 5, 4, 0, medium="email")
