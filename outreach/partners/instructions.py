"""What a creditor may tell us to do with its account: take it back, correct its balance.

A creditor's word ends contact at once; it never starts any (DISC-05: only what is owed may be asked for).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db
from outreach.accounts import ledger
from outreach.accounts.models import AccountStatus, HoldReason, LedgerKind
from outreach.cases import service as cases
from outreach.errors import OutreachError
from outreach.messages import silence
from outreach.money import cents
from outreach.payments import service as payments
from outreach.plans import changes, record

#: components of a balance an adjustment may move
COMPONENTS = ("principal", "interest", "fees")


class InstructionError(OutreachError):
    """This cannot be done with the account."""

    status = 409


class OverError(InstructionError):
    """This account is not worked here any more. Ask the team here to take it in again."""


class CurrencyError(InstructionError):
    """The amount is in another currency than the account."""


class TooMuchError(InstructionError):
    """More would be taken off than is owed of this component. Read the account and send what is left."""


class ReferenceReusedError(InstructionError):
    """This reference names another adjustment of the account. Use a reference once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusted:
    """`created` False: the same reference was on file, and nothing changed."""

    created: bool
    balance_cents: int
    status: str


async def account_of(session: AsyncSession, *, creditor_id: int, ref: str, currency: str | None = None) -> int:
    """The id of a creditor's account. Another creditor's is as unknown as none: UnknownAccountError.

    Raises CurrencyError when `currency` is given and is not the account's.
    """
    found = await db.one(
        session,
        "select id, currency from account where creditor_id = :creditor_id and ref = :ref",
        creditor_id=creditor_id,
        ref=ref,
    )
    if found is None:
        raise ledger.UnknownAccountError("There is no such account. Check the reference, or place it first.")
    if currency is not None and currency != found["currency"]:
        raise CurrencyError(f"This account is in {found['currency']}. Send its amounts in that currency.")
    return int(found["id"])


async def recall(session: AsyncSession, *, now: datetime, account_id: int, actor: str, why: str) -> bool:
    """The creditor takes the account back: contact, plan and campaigns end with it. False: it was recalled before."""
    account = await ledger.lock(session, account_id)
    if not await ledger.set_status(session, account_id=account_id, status=AccountStatus.RECALLED):
        return False
    await _end_plans(session, now=now, account_id=account_id, actor=actor, why="the creditor recalled the account")
    await silence.hold(
        session,
        now=now,
        debtor_id=account["debtor_id"],
        account_id=account_id,
        reason=HoldReason.RECALLED,
        actor=actor,
        note=why,
    )
    await _tell(session, now=now, account=account, actor=actor, action="account.recalled", why=why)
    return True


async def adjust(
    session: AsyncSession,
    *,
    now: datetime,
    account_id: int,
    component: str,
    amount_cents: int,
    reference: str,
    actor: str,
    why: str,
) -> Adjusted:
    """Move one component by signed cents. Idempotent by (account, reference).

    What is queued names the old figure and is withdrawn. A plan over the old balance is a person's to change; one over
    nothing ends. Raises InstructionError and its family.
    """
    account = await ledger.lock(session, account_id)
    if await _known(session, account_id=account_id, reference=reference, said=(component, amount_cents)):
        return Adjusted(created=False, balance_cents=account["balance_cents"], status=account["status"])
    if account["status"] not in (AccountStatus.OPEN, AccountStatus.PAID):
        raise OverError
    owed = await ledger.outstanding(session, account_id=account_id)
    if owed[component] + amount_cents < 0:
        raise TooMuchError
    await ledger.post(
        session,
        at=now,
        account_id=account_id,
        kind=LedgerKind.ADJUSTMENT,
        component=component,
        amount_cents=amount_cents,
        source=actor,
        reference=reference,
    )
    balance = account["balance_cents"] + amount_cents
    paid, reopened = await payments.settle(
        session, now=now, account=account, balance_cents=balance, actor=actor, by="an adjustment"
    )
    await _follow(session, now=now, account=account, balance_cents=balance, paid=paid, actor=actor)
    said = f"{cents.show(amount_cents)} of {component}, balance {cents.show(balance)}: {why}"
    moved = {"component": component, "amount_cents": amount_cents, "reference": reference}
    await _tell(session, now=now, account=account, actor=actor, action="account.adjusted", why=said, **moved)
    status = AccountStatus.PAID if paid else AccountStatus.OPEN if reopened else account["status"]
    return Adjusted(created=True, balance_cents=balance, status=str(status))


async def _known(session: AsyncSession, *, account_id: int, reference: str, said: tuple[str, int]) -> bool:
    found = await db.one(
        session,
        "select component, amount_cents from ledger_entry"
        " where account_id = :id and kind = 'adjustment' and reference = :reference",
        id=account_id,
        reference=reference,
    )
    if found and (found["component"], found["amount_cents"]) != said:
        raise ReferenceReusedError
    return found is not None


async def _follow(
    session: AsyncSession, *, now: datetime, account: Mapping[str, Any], balance_cents: int, paid: bool, actor: str
) -> None:
    if paid:
        await _end_plans(session, now=now, account_id=account["id"], actor=actor, why="nothing is owed any more")
        return
    plan = await record.in_force(session, account_id=account["id"])
    if plan:
        await cases.open(
            session,
            now=now,
            debtor_id=account["debtor_id"],
            account_id=account["id"],
            reason="plan_change",
            actor=actor,
            summary={"plan_id": plan["id"], "balance_cents": balance_cents, "cause": "the creditor adjusted it"},
        )


async def _end_plans(session: AsyncSession, *, now: datetime, account_id: int, actor: str, why: str) -> None:
    """The one in force, and the one talked about."""
    while await changes.cancel(session, now=now, account_id=account_id, actor=actor, why=why):
        pass


async def _tell(
    session: AsyncSession, *, now: datetime, account: Mapping[str, Any], actor: str, action: str, why: str, **more: Any
) -> None:
    subject = f"account:{account['id']}"
    await audit.record(
        session, now=now, actor=actor, action=action, debtor_id=account["debtor_id"], subject=subject, why=why, **more
    )
