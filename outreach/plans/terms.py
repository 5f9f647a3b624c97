"""A creditor's written terms, and the one policy that reads them: portal, desk and dialog all ask `quote`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.accounts import ledger
from outreach.cases import hours
from outreach.money import policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What someone wants: an amount or a number of payments, how often, from when. A `money.policy.Proposal`."""

    balance_cents: int
    frequency: str
    first_date: date | None
    today: date
    amount_cents: int | None = None
    count: int | None = None
    down_payment_cents: int = 0
    #: a range is something only a conversation brings
    amount_min_cents: None = None
    amount_max_cents: None = None


async def terms_for(session: AsyncSession, *, account_id: int) -> Mapping[str, Any]:
    """min_monthly_cents, max_months, first_payment_within_days of the account's creditor, and its balance_cents."""
    found = await db.one(
        session,
        "select k.min_monthly_cents, k.max_months, k.first_payment_within_days, a.balance_cents, a.debtor_id"
        " from account a join creditor k on k.id = a.creditor_id where a.id = :id",
        id=account_id,
    )
    if found is None:
        raise ledger.UnknownAccountError
    return found


async def today_of(session: AsyncSession, *, debtor_id: int, now: datetime) -> date:
    """The date where the debtor is, by the zone they stated; else the office's."""
    found = await db.one(session, "select stated_timezone from debtor where id = :id", id=debtor_id)
    zone = (found or {}).get("stated_timezone") or (await hours.office(session)).zone
    return now.astimezone(ZoneInfo(zone)).date()


async def quote(
    session: AsyncSession,
    *,
    now: datetime,
    account_id: int,
    frequency: str,
    first_date: date | None,
    amount_cents: int | None = None,
    count: int | None = None,
    down_payment_cents: int = 0,
) -> policy.Quote:
    """What the terms say of a wish on today's balance, with every date and figure: a live preview that changes nothing.

    Raises ValueError for a wish without a figure or with an unknown frequency, or when nothing is owed.
    """
    terms = await terms_for(session, account_id=account_id)
    wish = Wish(
        balance_cents=terms["balance_cents"],
        frequency=frequency,
        first_date=first_date,
        today=await today_of(session, debtor_id=terms["debtor_id"], now=now),
        amount_cents=amount_cents,
        count=count,
        down_payment_cents=down_payment_cents,
    )
    return policy.quote(wish, policy.Terms.of(terms))
