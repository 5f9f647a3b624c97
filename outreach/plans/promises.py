"""What someone said they would pay, and whether they did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db
from outreach.plans import record, terms

#: a promise reaches this far (dialog-spec 7.6)
WITHIN_DAYS = 30
#: a payment on its way: a promise is broken the day after the next
GRACE = timedelta(days=1)

# Kept: since it was made, as much came in as was promised (anything at all, where no amount was named).
_PAID = """
select p.id, p.debtor_id, p.date, p.amount_cents, coalesce(sum(y.amount_cents), 0) as paid
from promise p left join payment y on y.debtor_id = p.debtor_id and y.recorded_at >= p.made_at
  and (p.account_id is null or y.account_id = p.account_id)
where p.status = 'open' and {which} group by p.id
"""


async def promise(
    session: AsyncSession,
    *,
    now: datetime,
    debtor_id: int,
    date: date,
    actor: str,
    amount_cents: int | None = None,
    account_id: int | None = None,
    message_id: UUID | None = None,
) -> int:
    """Record a promise of at most 30 days ahead; it takes the place of the person's earlier one on the account."""
    today = await terms.today_of(session, debtor_id=debtor_id, now=now)
    if not today <= date <= today + timedelta(days=WITHIN_DAYS):
        raise record.PlanError(f"A promise can name a day from today to {today + timedelta(days=WITHIN_DAYS):%B %-d}.")
    await db.silence_lock(session, debtor_id)
    values = {"d": debtor_id, "a": account_id, "amount": amount_cents, "date": date, "now": now, "m": message_id}
    await session.execute(
        sa.text(
            "update promise set status = 'withdrawn' where debtor_id = :d and status = 'open'"
            " and account_id is not distinct from cast(:a as bigint)"
        ),
        values,
    )
    promise_id = await session.scalar(
        sa.text(
            "insert into promise (debtor_id, account_id, amount_cents, date, made_at, message_id)"
            " values (:d, :a, :amount, :date, :now, :m) returning id"
        ).bindparams(sa.bindparam("m", type_=sa.Uuid)),
        values,
    )
    await audit.record(
        session,
        now=now,
        actor=actor,
        action="promise.made",
        debtor_id=debtor_id,
        subject=f"promise:{promise_id}",
        date=date,
    )
    return int(promise_id)


async def keep(session: AsyncSession, *, now: datetime, debtor_id: int, account_id: int) -> Sequence[int]:
    """After a payment: the promises it kept."""
    which = "p.debtor_id = :d and (p.account_id is null or p.account_id = :a)"
    found = await db.rows(session, _PAID.format(which=which), d=debtor_id, a=account_id)
    kept = [row["id"] for row in found if row["paid"] > 0 and row["paid"] >= (row["amount_cents"] or 0)]
    for promise_id in kept:
        await _mark(session, now=now, promise_id=promise_id, debtor_id=debtor_id, status="kept")
    return kept


async def sweep(session: AsyncSession, *, now: datetime) -> int:
    """Mark promises whose day has passed as broken; returns how many. A payment had marked the others as it came."""
    found = await db.rows(
        session,
        "select id, debtor_id from promise where status = 'open' and date < :day order by debtor_id limit 1000",
        day=(now - GRACE).date(),
    )
    for row in found:
        await _mark(session, now=now, promise_id=row["id"], debtor_id=row["debtor_id"], status="broken")
    return len(found)


async def _mark(session: AsyncSession, *, now: datetime, promise_id: int, debtor_id: int, status: str) -> None:
    await session.execute(
        sa.text("update promise set status = :s where id = :id and status = 'open'"), {"s": status, "id": promise_id}
    )
    await audit.record(
        session,
        now=now,
        actor="system:plans",
        action=f"promise.{status}",
        debtor_id=debtor_id,
        subject=f"promise:{promise_id}",
    )
