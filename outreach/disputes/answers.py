"""How a dispute ends: answered with verification that was delivered, or upheld for the debtor.

An electronic answer is sent first and counts only once delivered: `answer`, then `delivered`; a bounce,
`undeliverable`, freezes the account again (12 CFR 1006.38, 1006.42(a)). Post to the last known address counts when
it is sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db
from outreach.accounts import ledger
from outreach.accounts.models import AccountStatus, LedgerKind
from outreach.cases import service as cases
from outreach.cases.models import Priority
from outreach.disputes.models import DisputeKind, DisputeStatus
from outreach.disputes.service import HOLDS
from outreach.errors import OutreachError
from outreach.messages import silence

#: methods whose delivery we can watch, so that the freeze waits for it
WATCHED = ("email", "portal")
METHODS = ("mail", "by_hand", *WATCHED)


class DisputeError(OutreachError):
    """This cannot be done with the dispute."""

    status = 409


class UnknownDisputeError(DisputeError):
    """There is no such dispute."""

    status = 404


class DisputeSettledError(DisputeError):
    """This dispute was answered or upheld already."""


async def answer(
    session: AsyncSession,
    *,
    now: datetime,
    dispute_id: int,
    method: str,
    actor: str,
    words: str,
    message_id: UUID | None = None,
    documents: Mapping[str, Any] | None = None,
) -> None:
    """Record what was sent: verification, the original creditor, or the short notice that answers a duplicate.

    `method` is one of METHODS. With mail or by hand the freeze ends now; otherwise when `delivered` is called, by
    the sweep that watches `message_id` or by the person who saw it arrive.
    """
    if method not in METHODS:
        raise DisputeError(f"Choose how the answer was sent: {', '.join(METHODS)}.")
    dispute, account = await _locked(session, dispute_id)
    # What left through our own door had E-SIGN consent, or the gate had refused it (VAL-05).
    sent: dict[str, Any] = {
        "words": words,
        "message_id": str(message_id) if message_id else None,
        "documents": dict(documents or {}),
    }
    sent["esign"] = message_id is not None
    await session.execute(
        sa.text(
            "update dispute set answered_at = :now, answer_method = :method, answer_undeliverable_at = null,"
            " answer = cast(:answer as jsonb) where id = :id"
        ),
        {"now": now, "method": method, "answer": json.dumps(sent), "id": dispute_id},
    )
    await _tell(session, now=now, dispute=dispute, actor=actor, action="dispute.answer_sent", why=method)
    if method not in WATCHED:
        await _thaw(session, now=now, dispute=dispute, account=account, actor=actor)


async def delivered(session: AsyncSession, *, now: datetime, dispute_id: int, actor: str) -> None:
    """The answer arrived: the freeze ends, collection of the account may go on."""
    dispute, account = await _locked(session, dispute_id)
    if dispute["answered_at"] is None:
        raise DisputeError("No answer has been sent yet. Send it first.")
    await _thaw(session, now=now, dispute=dispute, account=account, actor=actor)


async def undeliverable(session: AsyncSession, *, now: datetime, dispute_id: int, actor: str, why: str) -> None:
    """The answer came back: for the law it was never sent. Freezes again and opens a case to send it by post."""
    dispute, account = await _locked(session, dispute_id, settled=True)
    if dispute["answered_at"] is None or dispute["status"] == DisputeStatus.UPHELD:
        return
    status = DisputeStatus.DUPLICATE if dispute["same_as_id"] else DisputeStatus.OPEN
    await session.execute(
        sa.text(
            "update dispute set status = case when o.id is null then :status else 'duplicate' end,"
            " same_as_id = coalesce(o.id, dispute.same_as_id), answered_at = null, answer_undeliverable_at = :now"
            " from (select 1) one left join dispute o on o.account_id = :account and o.kind = :kind"
            "   and o.status = 'open' and o.id <> :id where dispute.id = :id"
        ),
        {
            "status": status.value,
            "now": now,
            "id": dispute_id,
            "account": account["id"],
            "kind": dispute["kind"],
        },
    )
    await silence.hold(
        session,
        now=now,
        debtor_id=dispute["debtor_id"],
        account_id=account["id"],
        reason=HOLDS[dispute["kind"]],
        actor=actor,
        note=why,
    )
    await cases.open(
        session,
        now=now,
        debtor_id=dispute["debtor_id"],
        account_id=account["id"],
        reason="dispute" if dispute["kind"] == DisputeKind.DISPUTE else "validation_request",
        priority=Priority.HIGH,
        actor=actor,
        summary={"dispute_id": dispute_id, "undelivered": why},
    )
    await _tell(session, now=now, dispute=dispute, actor=actor, action="dispute.answer_returned", why=why)


async def uphold(
    session: AsyncSession,
    *,
    now: datetime,
    dispute_id: int,
    actor: str,
    why: str,
    correct_to_cents: int | None = None,
) -> None:
    """Decide for the debtor: close the account, or correct it to a balance between nothing and the old one."""
    dispute, account = await _locked(session, dispute_id)
    if correct_to_cents is not None and not 0 <= correct_to_cents <= account["balance_cents"]:
        raise DisputeError("A corrected balance lies between nothing and what is owed now.")
    await session.execute(
        sa.text(
            "update dispute set answered_at = coalesce(answered_at, :now), answer = cast(:answer as jsonb)"
            " where id = :id"
        ),
        {"now": now, "answer": json.dumps({"words": why, "corrected_to_cents": correct_to_cents}), "id": dispute_id},
    )
    if correct_to_cents is not None:
        await _correct(session, now=now, account=account, to_cents=correct_to_cents, dispute_id=dispute_id)
    if not correct_to_cents:
        await ledger.set_status(session, account_id=account["id"], status=AccountStatus.CLOSED)
    # What is queued names the old figure, or an account that is over.
    await silence.silence(
        session, now=now, debtor_id=account["debtor_id"], account_id=account["id"], why="dispute upheld"
    )
    await _thaw(session, now=now, dispute=dispute, account=account, actor=actor, status=DisputeStatus.UPHELD, why=why)


async def _correct(
    session: AsyncSession, *, now: datetime, account: Mapping[str, Any], to_cents: int, dispute_id: int
) -> None:
    """Take off what is not owed: fees, then interest, then principal."""
    owed = await ledger.outstanding(session, account_id=account["id"])
    left = account["balance_cents"] - to_cents
    for component in ("fees", "interest", "principal"):
        off = min(left, owed[component])
        left -= off
        await ledger.post(
            session,
            at=now,
            account_id=account["id"],
            kind=LedgerKind.ADJUSTMENT,
            component=component,
            amount_cents=-off,
            source="dispute upheld",
            reference=f"dispute:{dispute_id}",
        )


async def pending(session: AsyncSession, dispute_id: int) -> Mapping[str, Any]:
    """A dispute that waits for its answer, locked. Raises UnknownDisputeError, DisputeSettledError."""
    return (await _locked(session, dispute_id))[0]


async def _locked(
    session: AsyncSession, dispute_id: int, *, settled: bool = False
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    account_id = await session.scalar(sa.text("select account_id from dispute where id = :id"), {"id": dispute_id})
    if account_id is None:
        raise UnknownDisputeError
    account = await ledger.lock(session, account_id)
    dispute = await db.one(session, "select * from dispute where id = :id for update", id=dispute_id)
    assert dispute is not None  # disputes are never deleted
    if not settled and dispute["status"] in (DisputeStatus.ANSWERED, DisputeStatus.UPHELD):
        raise DisputeSettledError
    return dispute, account


async def _thaw(
    session: AsyncSession,
    *,
    now: datetime,
    dispute: Mapping[str, Any],
    account: Mapping[str, Any],
    actor: str,
    status: DisputeStatus = DisputeStatus.ANSWERED,
    why: str = "the answer was delivered",
) -> None:
    """End the freeze this dispute caused; another open kind keeps its own hold."""
    await session.execute(
        sa.text("update dispute set status = :s where id = :id"), {"s": status.value, "id": dispute["id"]}
    )
    await silence.release(
        session,
        now=now,
        debtor_id=dispute["debtor_id"],
        account_id=account["id"],
        reason=HOLDS[dispute["kind"]],
        actor=actor,
        why=why,
    )
    await _tell(session, now=now, dispute=dispute, actor=actor, action=f"dispute.{status}", why=why)


async def _tell(
    session: AsyncSession, *, now: datetime, dispute: Mapping[str, Any], actor: str, action: str, why: str
) -> None:
    subject = f"dispute:{dispute['id']}"
    await audit.record(
        session, now=now, actor=actor, action=action, debtor_id=dispute["debtor_id"], subject=subject, why=why
    )
