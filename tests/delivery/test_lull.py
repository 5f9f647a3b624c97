"""One mail system in trouble: its people wait, with a trial now and then, and nobody else does."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import sqlalchemy as sa

from channels.carrier import Carrier, Faults, Rule
from outreach import db
from outreach.context import Context
from outreach.messages import outbox
from outreach.messages.drafts import Draft
from tests import cast
from tests.delivery.test_delivery import delivering, settled

DEAD = Faults(mail=(Rule(fault="refuse", at="rcpt", to="dead.example", code=451, status_code="4.4.1"),))


async def test_a_dead_domain_costs_a_trial_and_slows_nobody(context: Context, now: datetime) -> None:
    context.settings.email_per_second = 5000
    async with context.session() as session:
        people = await cast.crowd(session, now=now, count=120)
        await session.execute(
            sa.text(
                "update contact_point set address = 'p' || debtor_id || '@dead.example' where kind = 'email' and debtor_id = any(:some)"
            ),
            {"some": people[:60]},
        )
    await plan(context, people[:60], now=now)
    async with Carrier(faults=DEAD) as carrier:
        async with delivering(context, carrier):
            await until(context, {"dead.example": 1}, "select scope as status, 1 as n from lull")
        await plan(context, people[60:], now=now)
        async with context.session() as session:
            await session.execute(sa.text("update message set not_before = :now where status = 'queued'"), {"now": now})
        before = len(carrier.ledger.entries)
        async with delivering(context, carrier):
            await until(context, {"accepted": 60, "queued": 60})
        assert not [e for e in carrier.ledger.entries[before:] if "dead" in e.to]
        # the wait is over and so is the trouble: one tries, then all of them go
        carrier.set_faults(Faults())
        context.clock.offset += timedelta(minutes=5)
        async with delivering(context, carrier):
            await until(context, {"accepted": 61, "queued": 59})
        context.clock.offset += timedelta(minutes=1)
        async with delivering(context, carrier):
            assert await settled(context) == {"accepted": 120}


async def plan(context: Context, people: list[int], *, now: datetime) -> None:
    async with context.session() as session:
        drafts = [Draft(debtor_id=p, channel="email", template="reminder") for p in people]
        await outbox.submit_many(session, drafts, now=now, settings=context.settings)


STATUSES = "select status, count(*) as n from message group by status"


async def until(context: Context, wanted: dict[str, int], counts: str = STATUSES) -> None:
    """Wait for these counts; the database is asked, for nobody tells."""
    async with asyncio.timeout(20):
        while True:
            async with context.session() as session:
                found = await db.rows(session, counts)
            if Counter({row["status"]: row["n"] for row in found}) == wanted:
                return
            await asyncio.sleep(0.05)
