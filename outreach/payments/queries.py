"""Reads on payments: the log of a person, of an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db

_PAYMENTS = """
select p.id, p.account_id, p.debtor_id, p.amount_cents, p.paid_at, p.reference, p.method, p.source, p.applied,
  p.recorded_at, a.ref as account_ref, k.name as creditor, d.first_name, d.last_name
from payment p join account a on a.id = p.account_id join creditor k on k.id = p.creditor_id
join debtor d on d.id = p.debtor_id
"""


async def of_debtor(session: AsyncSession, *, debtor_id: int) -> Sequence[Mapping[str, Any]]:
    """Everything a person paid or had returned, newest first; `applied` names cents of fees, interest, principal."""
    return await db.rows(
        session, _PAYMENTS + " where p.debtor_id = :id order by p.paid_at desc, p.id desc", id=debtor_id
    )


async def of_account(session: AsyncSession, *, account_id: int) -> Sequence[Mapping[str, Any]]:
    return await db.rows(
        session, _PAYMENTS + " where p.account_id = :id order by p.paid_at desc, p.id desc", id=account_id
    )


async def account_by_ref(session: AsyncSession, *, creditor: str, ref: str) -> int | None:
    """The account a creditor's file means."""
    found = await db.one(
        session,
        "select a.id from account a join creditor k on k.id = a.creditor_id where k.name = :creditor and a.ref = :ref",
        creditor=creditor,
        ref=ref,
    )
    return int(found["id"]) if found else None
