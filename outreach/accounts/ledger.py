"""The running account: every line moves one component, and the account's sums move with it in the same statement.

Lines are signed by what they add to the balance: a payment of $50 is -5000, its reversal +5000. Lines are never
changed; a correction is a further line.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.accounts.models import AccountStatus, LedgerKind
from outreach.errors import OutreachError

#: the columns a line of each kind moves; payments and reversals are kept apart from what was charged
_PAID = (LedgerKind.PAYMENT, LedgerKind.REVERSAL)
_SUMS = {"principal": "principal_cents", "interest": "interest_cents", "fees": "fees_cents"}


class UnknownAccountError(OutreachError):
    """There is no such account."""

    status = 404


async def lock(session: AsyncSession, account_id: int) -> Mapping[str, Any]:
    """The account, locked until the caller's commit; its person first, as everywhere. Raises UnknownAccountError."""
    person = await session.scalar(sa.text("select debtor_id from account where id = :id"), {"id": account_id})
    if person is None:
        raise UnknownAccountError
    await db.silence_lock(session, person)
    found = await db.one(session, "select * from account where id = :id for update", id=account_id)
    assert found is not None  # accounts are never deleted
    return found


async def post(
    session: AsyncSession,
    *,
    at: datetime,
    account_id: int,
    kind: LedgerKind,
    component: str,
    amount_cents: int,
    source: str,
    reference: str = "",
) -> None:
    """Write one line and move the account's sums. `component`: principal, interest or fees. Zero writes nothing."""
    if amount_cents == 0:
        return
    moved = (
        "payments_cents = payments_cents - :amount"
        if kind in _PAID
        else f"{_SUMS[component]} = {_SUMS[component]} + :amount"
    )
    await session.execute(
        sa.text(f"update account set {moved}, balance_cents = balance_cents + :amount where id = :id"),
        {"amount": amount_cents, "id": account_id},
    )
    await session.execute(
        sa.text(
            "insert into ledger_entry (account_id, at, kind, component, amount_cents, source, reference)"
            " values (:id, :at, :kind, :component, :amount, :source, :reference)"
        ),
        {
            "id": account_id,
            "at": at,
            "kind": kind.value,
            "component": component,
            "amount": amount_cents,
            "source": source,
            "reference": reference,
        },
    )


async def outstanding(session: AsyncSession, *, account_id: int) -> dict[str, int]:
    """What is still owed of each component, in cents; never negative, and always the balance in sum.

    A creditor's file may name payments without saying what they paid: what overpaid one component then counts against
    the others.
    """
    found = await db.one(
        session,
        "select a.balance_cents, coalesce(sum(l.amount_cents) filter (where l.component = 'fees'), 0)::bigint as fees,"
        " coalesce(sum(l.amount_cents) filter (where l.component = 'interest'), 0)::bigint as interest"
        " from account a left join ledger_entry l on l.account_id = a.id where a.id = :id group by a.id",
        id=account_id,
    )
    if found is None:
        raise UnknownAccountError
    left = max(found["balance_cents"], 0)
    fees = min(max(found["fees"], 0), left)
    interest = min(max(found["interest"], 0), left - fees)
    return {"fees": fees, "interest": interest, "principal": left - fees - interest}


async def set_status(session: AsyncSession, *, account_id: int, status: AccountStatus) -> bool:
    """Give the account another status; False when it had it. Callers that end contact silence the person themselves."""
    changed = await session.scalar(
        sa.text("update account set status = :status where id = :id and status <> :status returning id"),
        {"status": status.value, "id": account_id},
    )
    return changed is not None
