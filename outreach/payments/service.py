"""Money received, applied and taken back. Plans follow through `plans.service.apply_payment`, which callers use.

A payment is what the creditor says was paid: recorded in full, applied to fees, interest and principal in the written
order. More than is owed is kept as a credit, a negative balance, so that nobody who has overpaid is asked for
money; the caller opens a case to give it back. A negative amount takes an earlier payment back exactly where it went.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db
from outreach.accounts import ledger
from outreach.accounts.models import AccountStatus, HoldReason, LedgerKind
from outreach.errors import OutreachError
from outreach.messages import silence
from outreach.money import allocation, cents


class PaymentError(OutreachError):
    """This payment cannot be recorded."""

    status = 409


class ReferenceReusedError(PaymentError):
    """This reference names another payment of the creditor. Ask the creditor which of the two is right."""


class NothingToReverseError(PaymentError):
    """More would be taken back than was ever paid on this account. Check the amount and the account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a payment did. `created` False: the same reference was on file, and nothing changed."""

    id: int
    account_id: int
    debtor_id: int
    amount_cents: int
    created: bool
    balance_cents: int
    applied: Mapping[str, int] = field(default_factory=dict)
    #: the balance reached nothing with this payment
    paid_in_full: bool = False
    #: a reversal made a paid account open again
    reopened: bool = False

    @property
    def credit_cents(self) -> int:
        """What was paid beyond the balance and is to be given back."""
        return max(-self.balance_cents, 0)


async def record(
    session: AsyncSession,
    *,
    now: datetime,
    account_id: int,
    amount_cents: int,
    paid_at: datetime,
    reference: str,
    actor: str,
    method: str = "",
    source: str = "",
) -> Recorded:
    """Record a payment, or with a negative amount its reversal. Idempotent by (creditor, reference).

    What was queued about the account is withdrawn: it names a balance that is no longer true. Raises PaymentError
    and its family; `paid_at` may not lie more than a day ahead (the creditor's clock may run in another zone).
    """
    if amount_cents == 0 or not reference.strip():
        raise PaymentError("A payment has an amount and the creditor's own reference.")
    if paid_at > now + timedelta(days=1):
        raise PaymentError(f"{paid_at:%Y-%m-%d} has not come yet: a payment is recorded once it arrived.")
    account = await ledger.lock(session, account_id)
    known = await _known(session, account=account, reference=reference)
    if known:
        if (known["account_id"], known["amount_cents"]) != (account_id, amount_cents):
            raise ReferenceReusedError
        return _recorded(known["id"], account, amount_cents, created=False, applied=known["applied"])
    applied = await _spread(session, account=account, amount_cents=amount_cents)
    payment_id = await _store(
        session,
        creditor_id=account["creditor_id"],
        account_id=account_id,
        debtor_id=account["debtor_id"],
        amount_cents=amount_cents,
        paid_at=paid_at,
        reference=reference.strip(),
        method=method,
        source=source or actor,
        applied=json.dumps(applied),
        recorded_at=now,
    )
    for component, part in applied.items():
        await ledger.post(
            session,
            at=paid_at,
            account_id=account_id,
            kind=LedgerKind.PAYMENT if amount_cents > 0 else LedgerKind.REVERSAL,
            component=component,
            amount_cents=-part,
            source=source or actor,
            reference=reference.strip(),
        )
    return await _settle(
        session,
        now=now,
        account=account,
        payment_id=payment_id,
        amount=amount_cents,
        applied=applied,
        actor=actor,
        paid_at=paid_at,
    )


async def _known(session: AsyncSession, *, account: Mapping[str, Any], reference: str) -> Mapping[str, Any] | None:
    return await db.one(
        session,
        "select id, account_id, amount_cents, applied from payment where creditor_id = :c and reference = :r",
        c=account["creditor_id"],
        r=reference.strip(),
    )


async def _spread(session: AsyncSession, *, account: Mapping[str, Any], amount_cents: int) -> dict[str, int]:
    """Component -> cents, in sum the amount. The creditor named the account, so no dispute diverts it."""
    if amount_cents < 0:
        return await _take_back(session, account_id=account["id"], amount_cents=-amount_cents)
    owed = await ledger.outstanding(session, account_id=account["id"])
    debt = allocation.Debt(
        ref=account["ref"], principal_cents=owed["principal"], interest_cents=owed["interest"], fees_cents=owed["fees"]
    )
    found = allocation.allocate(amount_cents=amount_cents, debts=[debt])
    applied = {str(component): part for component, part in found.applied(account["ref"]).items()}
    return {**applied, "principal": applied["principal"] + found.unapplied_cents}


async def _take_back(session: AsyncSession, *, account_id: int, amount_cents: int) -> dict[str, int]:
    """Where the newest payment of that amount went, if one stands; else principal, interest, fees as far as paid."""
    paid = await db.rows(
        session,
        "select component, -sum(amount_cents)::bigint as paid from ledger_entry"
        " where account_id = :id and kind in ('payment', 'reversal') group by component",
        id=account_id,
    )
    left = {row["component"]: max(row["paid"], 0) for row in paid}
    twin = await db.one(
        session,
        "select applied from payment where account_id = :id and amount_cents = :amount"
        " order by paid_at desc, id desc limit 1",
        id=account_id,
        amount=amount_cents,
    )
    if twin and all(part <= left.get(component, 0) for component, part in twin["applied"].items()):
        return {component: -part for component, part in twin["applied"].items()}
    back: dict[str, int] = {}
    for component in ("principal", "interest", "fees"):
        part = min(amount_cents, left.get(component, 0))
        back[component] = -part
        amount_cents -= part
    if amount_cents:
        raise NothingToReverseError
    return back


async def _store(session: AsyncSession, **columns: Any) -> int:
    """Another account of the creditor may take the reference at this very moment: then the constraint says so."""
    marks = ", ".join(f"cast(:{name} as jsonb)" if name == "applied" else f":{name}" for name in columns)
    stored = await session.scalar(
        sa.text(
            f"insert into payment ({', '.join(columns)}) values ({marks})"
            " on conflict (creditor_id, reference) do nothing returning id"
        ),
        columns,
    )
    if stored is None:
        raise ReferenceReusedError
    return int(stored)


async def _settle(
    session: AsyncSession,
    *,
    now: datetime,
    account: Mapping[str, Any],
    payment_id: int,
    amount: int,
    applied: Mapping[str, int],
    actor: str,
    paid_at: datetime,
) -> Recorded:
    """The account's new state, and silence about the old one."""
    debtor_id, account_id = account["debtor_id"], account["id"]
    balance = account["balance_cents"] - amount
    await session.execute(
        sa.text(
            "update account set last_payment_date = greatest(last_payment_date, cast(:d as date))"
            " where id = :id and :amount > 0"
        ),
        {"d": paid_at.date(), "id": account_id, "amount": amount},
    )
    paid_in_full, reopened = await settle(
        session, now=now, account=account, balance_cents=balance, actor=actor, by="a payment"
    )
    await audit.record(
        session,
        now=now,
        actor=actor,
        action="payment.recorded" if amount > 0 else "payment.reversed",
        debtor_id=debtor_id,
        subject=f"payment:{payment_id}",
        why=f"{cents.show(amount)} on {account['ref']}, balance {cents.show(balance)}",
        applied=dict(applied),
    )
    return Recorded(
        id=payment_id,
        account_id=account_id,
        debtor_id=debtor_id,
        amount_cents=amount,
        created=True,
        balance_cents=balance,
        applied=applied,
        paid_in_full=paid_in_full,
        reopened=reopened,
    )


async def settle(
    session: AsyncSession, *, now: datetime, account: Mapping[str, Any], balance_cents: int, actor: str, by: str
) -> tuple[bool, bool]:
    """Status and silence after `by` changed a locked account's balance: (is it paid in full now, is it open again)."""
    debtor_id, account_id = account["debtor_id"], account["id"]
    paid_in_full = balance_cents <= 0 and account["status"] == AccountStatus.OPEN
    reopened = balance_cents > 0 and account["status"] == AccountStatus.PAID
    await silence.silence(session, now=now, debtor_id=debtor_id, account_id=account_id, why=f"{by} changed the balance")
    if paid_in_full:
        await ledger.set_status(session, account_id=account_id, status=AccountStatus.PAID)
        await silence.hold(
            session, now=now, debtor_id=debtor_id, account_id=account_id, reason=HoldReason.PAID, actor=actor
        )
    if reopened:
        await ledger.set_status(session, account_id=account_id, status=AccountStatus.OPEN)
        await silence.release(
            session,
            now=now,
            debtor_id=debtor_id,
            account_id=account_id,
            reason=HoldReason.PAID,
            actor=actor,
            why=f"{by} left a balance",
        )
    return paid_in_full, reopened


def _recorded(
    payment_id: int, account: Mapping[str, Any], amount: int, *, created: bool, applied: Mapping[str, int]
) -> Recorded:
    return Recorded(
        id=payment_id,
        account_id=account["id"],
        debtor_id=account["debtor_id"],
        amount_cents=amount,
        created=created,
        balance_cents=account["balance_cents"],
        applied=applied,
    )
