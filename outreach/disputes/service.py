"""Disputes, requests for validation and for the original creditor: each stops collection of its account until answered.

A freeze begins at receipt, on whatever channel, and ends only when the answer was delivered (12 CFR 1006.38(c),
(d)(2)). Locks go person, account, dispute, case. Plans are a neighbour: the caller suspends one first and says so
with `on_plan`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import audit, db
from outreach.accounts import ledger
from outreach.accounts.models import HoldReason
from outreach.cases import service as cases
from outreach.cases.models import Priority
from outreach.disputes.models import DisputeKind, DisputeStatus
from outreach.messages import silence

HOLDS: Mapping[str, HoldReason] = {
    DisputeKind.DISPUTE: HoldReason.DISPUTE,
    DisputeKind.VALIDATION: HoldReason.VALIDATION_REQUEST,
    DisputeKind.ORIGINAL_CREDITOR: HoldReason.ORIGINAL_CREDITOR_REQUEST,
}
#: Without a zone the person stated, the last place where it is still today: an error is to their advantage (VAL-04).
_LAST_ZONE = "Pacific/Pago_Pago"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What became of it: a new dispute, the one already open (`created` False), or a duplicate of an answered one."""

    id: int
    created: bool
    status: str
    case_id: int | None = None


async def open(
    session: AsyncSession,
    *,
    now: datetime,
    account_id: int,
    via: str,
    actor: str,
    kind: DisputeKind | str = DisputeKind.DISPUTE,
    reason: str | None = None,
    amount_cents: int | None = None,
    text: str = "",
    message_id: UUID | None = None,
    new_information: bool = False,
    on_plan: bool = False,
    open_case: bool = True,
) -> Opened:
    """Freeze an account at the person's word. Idempotent while open: the same kind again returns what is on file.

    `amount_cents`: only that part is disputed. `new_information` (an attachment, a new ground) keeps a repeat from
    being a duplicate; a duplicate freezes too, until it is answered (DISP-03). `on_plan`: a plan was suspended for
    it, so the case is `dispute_on_plan`/high. `open_case` False: the caller opens one of a graver reason.
    """
    account = await ledger.lock(session, account_id)
    pending = await _pending(session, account_id=account_id, kind=kind)
    if pending:
        said: dict[str, Any] = {"reason": reason, "amount_cents": amount_cents, "text": text, "message_id": message_id}
        return await _learn(session, now=now, account=account, dispute=pending, actor=actor, **said)
    earlier = None if new_information else await _answered(session, account_id=account_id, kind=kind, reason=reason)
    status = DisputeStatus.DUPLICATE if earlier else DisputeStatus.OPEN
    zone = await session.scalar(
        sa.text("select stated_timezone from debtor where id = :id"), {"id": account["debtor_id"]}
    )
    end = account["validation_period_end"]
    dispute_id = await _insert(
        session,
        account_id=account_id,
        debtor_id=account["debtor_id"],
        kind=str(kind),
        reason=reason,
        status=status.value,
        scope="part" if amount_cents else "all",
        amount_cents=amount_cents,
        via=via,
        text=text[:20_000],
        received_at=now,
        timely=end is None or now.astimezone(ZoneInfo(zone or _LAST_ZONE)).date() <= end,
        message_id=message_id,
        same_as_id=earlier,
    )
    facts = {"dispute_id": dispute_id, "amount_cents": amount_cents}
    await _freeze(session, now=now, account=account, kind=kind, actor=actor, facts=facts)
    await _tell(
        session,
        now=now,
        dispute_id=dispute_id,
        account=account,
        actor=actor,
        action=f"dispute.{status}",
        why=reason or "",
    )
    case_id = None
    if open_case:
        case_id = await _case(
            session,
            now=now,
            account=account,
            actor=actor,
            reason=_case_reason(kind, duplicate=bool(earlier), on_plan=on_plan),
            message_id=message_id,
            summary={
                "dispute_id": dispute_id,
                "kind": str(kind),
                "dispute_reason": reason,
                "amount_cents": amount_cents,
            },
        )
    return Opened(id=dispute_id, created=True, status=status.value, case_id=case_id)


def _case_reason(kind: DisputeKind | str, *, duplicate: bool, on_plan: bool) -> str:
    if on_plan:
        return "dispute_on_plan"
    if duplicate:
        return "duplicate_dispute"
    return "dispute" if kind == DisputeKind.DISPUTE else "validation_request"


async def _case(
    session: AsyncSession,
    *,
    now: datetime,
    account: Mapping[str, Any],
    actor: str,
    reason: str,
    message_id: UUID | None,
    summary: Mapping[str, Any],
) -> int:
    opened = await cases.open(
        session,
        now=now,
        debtor_id=account["debtor_id"],
        account_id=account["id"],
        reason=reason,
        priority=Priority.HIGH if reason == "dispute_on_plan" else Priority.NORMAL,
        actor=actor,
        message_id=message_id,
        summary=summary,
    )
    return opened.id


async def _pending(session: AsyncSession, *, account_id: int, kind: DisputeKind | str) -> Mapping[str, Any] | None:
    """The dispute of this kind that still freezes the account."""
    return await db.one(
        session,
        "select x.id, x.debtor_id, x.kind, x.status, x.reason, x.scope, x.amount_cents, x.text, s.reason as earlier_reason"
        " from dispute x left join dispute s on s.id = x.same_as_id"
        " where x.account_id = :a and x.kind = :k and x.status in ('open', 'duplicate') order by x.id limit 1",
        a=account_id,
        k=str(kind),
    )


async def _learn(
    session: AsyncSession,
    *,
    now: datetime,
    account: Mapping[str, Any],
    dispute: Mapping[str, Any],
    actor: str,
    reason: str | None,
    amount_cents: int | None,
    text: str,
    message_id: UUID | None,
) -> Opened:
    """What is said about a dispute that is open already: kept, and told to the person who works on it."""
    new = _merged(dispute, reason=reason, amount_cents=amount_cents, text=text)
    further = reason if reason and dispute["reason"] not in (None, reason) else None
    if not further and all(value == dispute[name] for name, value in new.items()):
        return Opened(id=dispute["id"], created=False, status=new["status"])
    await session.execute(
        sa.text(
            "update dispute set reason = :reason, status = :status, scope = :scope, amount_cents = :amount_cents,"
            " text = :text where id = :id"
        ),
        {**new, "id": dispute["id"]},
    )
    facts = {"dispute_id": dispute["id"], "amount_cents": new["amount_cents"]}
    await _tell(session, now=now, account=account, actor=actor, action="dispute.ground", why=reason or "", **facts)
    case_id = None
    if further or new["amount_cents"] != dispute["amount_cents"]:
        case_id = await _case(
            session,
            now=now,
            account=account,
            actor=actor,
            reason=await _case_of(session, dispute),
            message_id=message_id,
            summary={**facts, "further_reason": further},
        )
    return Opened(id=dispute["id"], created=False, status=new["status"], case_id=case_id)


def _merged(dispute: Mapping[str, Any], *, reason: str | None, amount_cents: int | None, text: str) -> dict[str, Any]:
    """The first ground stays in its place and what is disputed only grows. Another ground than that of the answered one
    makes a duplicate a dispute."""
    duplicate = dispute["status"] == DisputeStatus.DUPLICATE and reason in (None, dispute["earlier_reason"])
    parts = (dispute["amount_cents"], amount_cents)
    part = None if None in parts else max(parts)
    known = dispute["text"]
    return {
        "reason": dispute["reason"] or reason,
        "status": (DisputeStatus.DUPLICATE if duplicate else DisputeStatus.OPEN).value,
        "scope": "part" if part else "all",
        "amount_cents": part,
        "text": known if text in known else f"{known}\n\n{text}".strip()[:20_000],
    }


async def _case_of(session: AsyncSession, dispute: Mapping[str, Any]) -> str:
    """The reason of the case that is open for it, or that of a new one."""
    found: str | None = await session.scalar(
        sa.text(
            "select reason from cases where debtor_id = :debtor and status <> 'closed'"
            " and summary ->> 'dispute_id' = cast(:id as text) order by id limit 1"
        ),
        {"debtor": dispute["debtor_id"], "id": str(dispute["id"])},
    )
    duplicate = dispute["status"] == DisputeStatus.DUPLICATE
    return found or _case_reason(dispute["kind"], duplicate=duplicate, on_plan=False)


async def _answered(
    session: AsyncSession, *, account_id: int, kind: DisputeKind | str, reason: str | None
) -> int | None:
    """The newest answered one on the same grounds; saying no ground repeats whatever ground there was."""
    found: int | None = await session.scalar(
        sa.text(
            "select id from dispute where account_id = :a and kind = :k and status = 'answered'"
            " and (cast(:r as text) is null or reason is not distinct from :r) order by id desc limit 1"
        ),
        {"a": account_id, "k": str(kind), "r": reason},
    )
    return found


async def _insert(session: AsyncSession, **columns: Any) -> int:
    names = ", ".join(columns)
    marks = ", ".join(f":{name}" for name in columns)
    statement = sa.text(f"insert into dispute ({names}) values ({marks}) returning id").bindparams(
        sa.bindparam("message_id", type_=sa.Uuid)
    )
    return int((await session.execute(statement, columns)).scalar_one())


async def _freeze(
    session: AsyncSession,
    *,
    now: datetime,
    account: Mapping[str, Any],
    kind: DisputeKind | str,
    actor: str,
    facts: Mapping[str, Any],
) -> None:
    await silence.hold(
        session,
        now=now,
        debtor_id=account["debtor_id"],
        account_id=account["id"],
        reason=HOLDS[DisputeKind(kind)],
        actor=actor,
        facts=dict(facts),
    )


async def _tell(
    session: AsyncSession,
    *,
    now: datetime,
    dispute_id: int,
    account: Mapping[str, Any],
    actor: str,
    action: str,
    why: str,
    **detail: Any,
) -> None:
    await audit.record(
        session,
        now=now,
        actor=actor,
        action=action,
        debtor_id=account["debtor_id"],
        subject=f"dispute:{dispute_id}",
        why=why,
        account=account["ref"],
        **json.loads(json.dumps(detail, default=str)),
    )
