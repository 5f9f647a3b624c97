"""A plan follows what is decided about its account: it rests under review, goes on after, ends with the account.

Doors that know of a dispute suspend the plan themselves, at once; this sweep is for every other way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.plans import changes, record

ACTOR = "system:plans"
log = structlog.get_logger()

# `under_review`: a hold that forbids making a plan also forbids collecting on one.
_CONCERNED = """
select p.id, p.account_id, p.status, a.status as account_status, exists (
  select 1 from hold h where h.debtor_id = p.debtor_id and (h.account_id is null or h.account_id = p.account_id)
  and h.until is null and h.reason = any(:reasons)) as under_review
from plan p join account a on a.id = p.account_id
where p.status in ('agreed', 'active', 'suspended') order by p.debtor_id
"""


async def follow(session: AsyncSession, *, now: datetime, limit: int = 500) -> Sequence[int]:
    """Suspend, resume or cancel what no longer fits its account; returns the plans changed. One that refuses holds no other."""
    found = await db.rows(
        session,
        f"select * from ({_CONCERNED}) c where account_status in ('closed', 'recalled', 'settled')"
        " or account_status = 'open' and under_review = (status <> 'suspended') limit :limit",
        reasons=[reason.value for reason in record.BLOCKING],
        limit=limit,
    )
    done = []
    for row in found:
        try:
            async with session.begin_nested():
                await _fit(session, row, now=now)
            done.append(row["id"])
        except record.PlanError as refused:
            log.error("plan_review", plan=row["id"], why=str(refused))
    return done


async def _fit(session: AsyncSession, row: Mapping[str, Any], *, now: datetime) -> None:
    account = {"account_id": row["account_id"], "actor": ACTOR}
    if row["account_status"] != "open":
        await changes.cancel(session, now=now, why=f"the account is {row['account_status']}", **account)
    elif row["under_review"]:
        await changes.suspend(session, now=now, why="the account is under review", **account)
    else:
        await changes.resume(session, now=now, plan_id=row["id"], actor=ACTOR, why="the review is over")
