"""What time does to plans: a payment comes near, is missed, a plan is broken, an offer goes stale. Sets, swept by a job.

`now` decides; days are those of the office, so that one sweep has one today.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.cases import hours
from outreach.cases import service as cases
from outreach.messages import outbox, phrases
from outreach.messages.drafts import Draft, Submitted
from outreach.plans import record
from outreach.plans.models import PlanStatus
from outreach.settings import Settings

#: Working days before a payment in which its reminder is due. The law's window is ten to three (12 CFR 1006.22(c),
#: PAY-02); nearer to the day it is more use, and a refused one can still be tried again.
REMIND_FROM, REMIND_UNTIL = 5, 3
#: a payment on its way
GRACE = timedelta(days=5)
#: unpaid instalments in a row that break a plan, or one that is late by so much
BREAKS_AT = 2
BROKEN_AFTER = timedelta(days=30)
ACTOR = "system:plans"


async def today(session: AsyncSession, *, now: datetime) -> date:
    return now.astimezone(ZoneInfo((await hours.office(session)).zone)).date()


async def remind(session: AsyncSession, *, now: datetime, settings: Settings, limit: int = 500) -> Sequence[Submitted]:
    """Draft a reminder of every payment whose window is open; each once, refused ones again the next day."""
    day = await today(session, now=now)
    due = await db.rows(
        session,
        "select i.id, i.due_date, i.amount_cents - i.paid_cents as cents, p.debtor_id, p.account_id, d.language"
        " from installment i join plan p on p.id = i.plan_id join debtor d on d.id = p.debtor_id"
        " where i.paid_cents < i.amount_cents and p.status in ('agreed', 'active') and i.number > 0"
        " and i.due_date between :first and :last"
        " and (i.reminded_at is null or i.reminded_at < :now - interval '20 hours' and not exists ("
        "   select 1 from message m where m.debtor_id = p.debtor_id and m.purpose = 'plan_due'"
        "   and m.created_at >= i.reminded_at and m.status not in ('denied', 'expired', 'withdrawn')))"
        " order by i.due_date, i.id limit :limit for update of i skip locked",
        first=hours.add_working_days(day, REMIND_UNTIL),
        last=hours.add_working_days(day, REMIND_FROM),
        now=now,
        limit=limit,
    )
    drafts = [
        Draft(
            debtor_id=row["debtor_id"],
            channel="preferred",
            purpose="plan_due",
            template="plan_due",
            values={"amount": phrases.money(row["cents"]), "due_date": phrases.day(row["due_date"], row["language"])},
            account_ids=[row["account_id"]],
            expires_at=now + timedelta(days=2),
        )
        for row in due
    ]
    sent = await outbox.submit_many(session, drafts, now=now, settings=settings)
    await session.execute(
        sa.text("update installment set reminded_at = :now where id = any(:ids)"),
        {"now": now, "ids": [row["id"] for row in due]},
    )
    return sent


async def miss(session: AsyncSession, *, now: datetime) -> int:
    """Mark what is unpaid after its grace as missed; returns how many."""
    missed = await db.rows(
        session,
        "update installment i set missed_at = :now from plan p where p.id = i.plan_id and p.status in ('agreed', 'active')"
        " and i.paid_cents < i.amount_cents and i.missed_at is null and i.due_date < :day"
        " returning p.id, p.debtor_id, i.due_date",
        now=now,
        day=await today(session, now=now) - GRACE,
    )
    for row in missed:
        await record.tell(
            session, now=now, plan=row, actor=ACTOR, action="plan.payment_missed", why=row["due_date"].isoformat()
        )
    return len(missed)


async def break_off(session: AsyncSession, *, now: datetime) -> int:
    """End the peace of plans nobody keeps: two payments missed, or one for a month. A person looks first."""
    day = await today(session, now=now)
    broken = await db.rows(
        session,
        "select p.id from plan p where p.status in ('agreed', 'active') and (select count(*) >= :many or min(due_date) < :old"
        " from installment i where i.plan_id = p.id and i.missed_at is not null and i.paid_cents < i.amount_cents)"
        " order by p.debtor_id limit 500",
        many=BREAKS_AT,
        old=day - BROKEN_AFTER,
    )
    for row in broken:
        plan, account = await record.lock(session, row["id"])
        if plan["status"] not in (PlanStatus.AGREED, PlanStatus.ACTIVE):
            continue  # paid or cancelled in the meantime
        await record.move(session, now=now, plan=plan, to=PlanStatus.BROKEN, actor=ACTOR, why="payments were missed")
        await cases.open(
            session,
            now=now,
            debtor_id=plan["debtor_id"],
            account_id=account["id"],
            reason="plan_change",
            actor=ACTOR,
            summary={"plan_id": plan["id"], "why": "payments were missed"},
        )
    return len(broken)


async def forget(session: AsyncSession, *, now: datetime, hours: int) -> int:
    """Drop what was not finished or confirmed in so many hours, without a message (dialog-spec 7.3).

    An offer or summary that waited for a yes opens a case (`unresolved`); a form half filled does not.
    """
    stale = await db.rows(
        session,
        "select id from plan where status in ('collecting', 'countered', 'proposed') and proposed_at < :before"
        " order by debtor_id limit 500",
        before=now - timedelta(hours=hours),
    )
    for row in stale:
        plan, account = await record.lock(session, row["id"])
        if plan["status"] not in (PlanStatus.COLLECTING, PlanStatus.COUNTERED, PlanStatus.PROPOSED):
            continue  # answered in the meantime
        why = f"no answer for {hours} hours"
        await record.move(session, now=now, plan=plan, to=PlanStatus.CANCELLED, actor=ACTOR, why=why)
        if plan["status"] != PlanStatus.COLLECTING:
            await cases.open(
                session,
                now=now,
                debtor_id=plan["debtor_id"],
                account_id=account["id"],
                reason="unresolved",
                actor=ACTOR,
                summary={"plan_id": plan["id"], "why": why},
            )
    return len(stale)
