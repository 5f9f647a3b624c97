"""Silence at a creditor's word (S64): its own complaint or correction under way, or a fact about the person it learned first.

What a creditor's notes say gives us knowledge (comment 6(b)(1)-1), so a fact of law holds for the person at once, and a
person here confirms it: only they lift it. What the creditor stopped for its own reasons it may let go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.accounts import ledger
from outreach.accounts.models import HoldReason
from outreach.cases import service as cases
from outreach.cases.models import Priority
from outreach.errors import OutreachError
from outreach.messages import silence
from outreach.plans import changes, record


class UnknownHoldError(OutreachError):
    """There is no such hold on this account, or it has ended. Read the account to see what holds now."""

    status = 404


class NotYoursError(OutreachError):
    """This hold stands for the law and only a person here can lift it. A case about it is open."""

    status = 409


@dataclass(frozen=True, slots=True)
class Ground:
    """What a creditor may name: the reason it becomes, whether it holds for the whole person, and who sees to it."""

    reason: HoldReason
    person: bool = False
    case: str | None = None


GROUNDS: Mapping[str, Ground] = {
    "service_complaint": Ground(HoldReason.MANUAL),
    "finance_correction": Ground(HoldReason.MANUAL),
    "payment_investigation": Ground(HoldReason.MANUAL),
    "other": Ground(HoldReason.MANUAL),
    "identity_theft": Ground(HoldReason.IDENTITY_THEFT, case="identity_theft"),
    "cease": Ground(HoldReason.CEASE, person=True, case="cease"),
    "attorney": Ground(HoldReason.ATTORNEY, person=True, case="attorney"),
    "bankruptcy": Ground(HoldReason.BANKRUPTCY, person=True, case="bankruptcy"),
    "deceased": Ground(HoldReason.DECEASED, person=True, case="deceased"),
    "minor": Ground(HoldReason.MINOR, person=True, case="minor"),
    "servicemember": Ground(HoldReason.SERVICEMEMBER, person=True, case="servicemember"),
}
#: how a creditor is told of a hold: on its own account, and (True) also where it stands on the person. A reason that is
#: not here is between the person and us
SHOWN: Mapping[HoldReason, tuple[str, bool]] = {
    HoldReason.CEASE: ("cease", True),
    HoldReason.ATTORNEY: ("attorney", True),
    HoldReason.BANKRUPTCY: ("bankruptcy", True),
    HoldReason.DECEASED: ("deceased", True),
    HoldReason.MINOR: ("minor", True),
    HoldReason.SERVICEMEMBER: ("servicemember", True),
    HoldReason.IDENTITY_THEFT: ("identity_theft", False),
    HoldReason.DISPUTE: ("dispute", False),
    HoldReason.VALIDATION_REQUEST: ("validation_request", False),
    HoldReason.ORIGINAL_CREDITOR_REQUEST: ("original_creditor_request", False),
    HoldReason.PLAN: ("plan", False),
    HoldReason.PAID: ("paid", False),
    HoldReason.RECALLED: ("recalled", False),
    HoldReason.MANUAL: ("paused", False),
}
_OPEN = """
select id, debtor_id, account_id, reason, since, facts ->> 'ground' as ground, facts ->> 'creditor' as creditor from hold
where debtor_id = :debtor_id and (until is null or until > :now)
  and (account_id = :account_id or account_id is null and contact_point_id is null)
"""


async def place(
    session: AsyncSession, *, now: datetime, account_id: int, ground: str, actor: str, note: str = ""
) -> Mapping[str, Any]:
    """Stop contact from this transaction's commit on; the hold as `standing` gives it. Said again, it changes nothing."""
    named = GROUNDS[ground]
    account = await ledger.lock(session, account_id)
    if named.reason in record.BLOCKING:
        await changes.suspend(session, now=now, account_id=account_id, actor=actor, why=f"the creditor says: {ground}")
    on = None if named.person else account_id
    facts = {"creditor": account["creditor_id"], "account": account["ref"]}
    if named.reason is HoldReason.MANUAL:  # a colleague's own pause and the creditor's grounds stand beside each other
        facts["ground"] = ground
    about: dict[str, Any] = {"now": now, "debtor_id": account["debtor_id"], "actor": actor, "note": note}
    placed = await silence.hold(session, reason=named.reason, account_id=on, facts=facts, **about)
    if placed and named.case:
        await cases.open(
            session,
            reason=named.case,
            priority=Priority.HIGH,
            account_id=account_id,
            summary={"said_by": account["creditor_id"], "ground": ground},
            **about,
        )
    for hold in await standing(session, now=now, account=account):
        if hold["named"] == ground:
            return hold
    raise UnknownHoldError


async def release(session: AsyncSession, *, now: datetime, account_id: int, hold_id: int, actor: str, why: str) -> None:
    """Let contact go on, where it was this creditor who stopped it. Raises UnknownHoldError, NotYoursError."""
    account = await ledger.lock(session, account_id)
    found = next((h for h in await standing(session, now=now, account=account) if h["id"] == hold_id), None)
    if found is None:
        raise UnknownHoldError
    if not found["yours"]:
        raise NotYoursError
    await silence.release(
        session,
        now=now,
        debtor_id=account["debtor_id"],
        account_id=account_id,
        reason=HoldReason.MANUAL,
        hold_id=hold_id,
        actor=actor,
        why=why,
    )


async def standing(session: AsyncSession, *, now: datetime, account: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The open holds a creditor may know of (`id, reason, since, yours`); `account` has id, debtor_id, creditor_id.

    `named` is the ground one of its systems gave; `yours` that they may lift it.
    """
    found = await db.rows(
        session, _OPEN + " order by id", debtor_id=account["debtor_id"], account_id=account["id"], now=now
    )
    told = []
    for hold in found:
        word, of_person = SHOWN.get(HoldReason(hold["reason"]), ("", False))
        if not word or (hold["account_id"] is None and not of_person):
            continue
        own = hold["creditor"] == str(account["creditor_id"]) and hold["ground"] is not None
        named = hold["ground"] if own else word
        told.append({"id": hold["id"], "reason": word, "since": hold["since"], "named": named, "yours": own})
    return told
