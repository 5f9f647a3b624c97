"""Plans as they are talked about: proposed by any door, kept while a conversation gathers values, dropped.

Every answer is `terms.quote`'s, and a plan outside the terms waits for a person (`plans.desk`); the yes is
`agreement.agree`. `via` is sms, email, web, portal or staff. A form posted twice with one `form_token` is one plan.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.accounts import ledger
from outreach.cases import service as cases
from outreach.money import policy
from outreach.plans import agreement, record, terms
from outreach.plans.models import MOVES, PlanStatus
from outreach.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What became of a wish.

    `status`: agreed, proposed (a yes makes it agreed), countered (`quote` is the nearest the terms allow; a yes
    makes it agreed), review (a person decides; `case_id`), or refused (above the balance, or a date that cannot be: see
    `quote.verdict`; nothing was kept and `plan_id` is None).
    """

    plan_id: int | None
    status: str
    quote: policy.Quote | None = None
    case_id: int | None = None


async def propose(
    session: AsyncSession,
    *,
    now: datetime,
    settings: Settings,
    account_id: int,
    via: str,
    actor: str,
    frequency: str,
    first_date: date,
    amount_cents: int | None = None,
    count: int | None = None,
    down_payment_cents: int = 0,
    form_token: str | None = None,
    accepted: bool = False,
    insist: bool = False,
    replace: bool = False,
) -> Proposed:
    """A full wish: figures, rhythm, first date. Raises PlanError and its family, ValueError for a wish without figures.

    `accepted`: the debtor has seen the whole plan and agreed, so inside the terms it is in force at once.
    `insist`: below the terms they want a person to decide rather than the counter-offer. `replace`: they said it
    replaces the present plan.
    """
    account = await ledger.lock(session, account_id)
    known = await _by_token(session, form_token)
    if known:
        return Proposed(plan_id=known["id"], status=known["status"])
    await record.require_open(session, account)
    if not replace and await record.in_force(session, account_id=account_id):
        raise record.PlanInForceError
    quote = await terms.quote(
        session,
        now=now,
        account_id=account_id,
        frequency=frequency,
        first_date=first_date,
        amount_cents=amount_cents,
        count=count,
        down_payment_cents=down_payment_cents,
    )
    status = _status(quote, insist=insist)
    if status is None:
        return Proposed(plan_id=None, status="refused", quote=quote)
    asked = amount_cents or -(-(quote.total_cents - down_payment_cents) // max(count or 1, 1))
    plan_id = await keep(
        session,
        now=now,
        account=account,
        status=status,
        via=via,
        actor=actor,
        amount_cents=asked if status is PlanStatus.REVIEW else quote.amount_cents,
        frequency=frequency,
        first_date=first_date,
        count=None if status is PlanStatus.REVIEW else quote.count,
        last_cents=None if status is PlanStatus.REVIEW else quote.last_cents,
        down_payment_cents=down_payment_cents,
        total_cents=quote.total_cents,
        form_token=form_token,
        terms=json.dumps({"asked_cents": asked, "accepted": accepted, "replace": replace, "verdict": quote.verdict}),
    )
    if status is PlanStatus.REVIEW:
        case_id = await _exception(
            session, now=now, account=account, plan_id=plan_id, actor=actor, asked=asked, frequency=frequency
        )
        return Proposed(plan_id=plan_id, status=status, quote=quote, case_id=case_id)
    if status is PlanStatus.PROPOSED and accepted:
        await agreement.agree(
            session, now=now, settings=settings, plan_id=plan_id, via=via, actor=actor, replace=replace
        )
        return Proposed(plan_id=plan_id, status=PlanStatus.AGREED, quote=quote)
    return Proposed(plan_id=plan_id, status=status, quote=quote)


def _status(quote: policy.Quote, *, insist: bool) -> PlanStatus | None:
    if quote.verdict is policy.Verdict.MEETS:
        return PlanStatus.PROPOSED
    if quote.verdict is policy.Verdict.BELOW:
        return PlanStatus.REVIEW if insist else PlanStatus.COUNTERED
    return None


async def _by_token(session: AsyncSession, token: str | None) -> Mapping[str, Any] | None:
    return await db.one(session, "select id, status from plan where form_token = :t", t=token) if token else None


async def _exception(
    session: AsyncSession,
    *,
    now: datetime,
    account: Mapping[str, Any],
    plan_id: int,
    actor: str,
    asked: int,
    frequency: str,
) -> int:
    opened = await cases.open(
        session,
        now=now,
        debtor_id=account["debtor_id"],
        account_id=account["id"],
        reason="plan_exception",
        actor=actor,
        summary={"plan_id": plan_id, "asked_cents": asked, "frequency": frequency},
    )
    return opened.id


async def draft(
    session: AsyncSession,
    *,
    now: datetime,
    account_id: int,
    status: PlanStatus | str,
    via: str,
    actor: str,
    amount_cents: int | None = None,
    frequency: str | None = None,
    first_date: date | None = None,
    count: int | None = None,
    last_cents: int | None = None,
    down_payment_cents: int | None = None,
) -> int:
    """Keep what a conversation has gathered so far (collecting, countered, proposed); returns the plan's id.

    None is a value not known yet. It binds nobody: `agree` asks the policy again.
    """
    account = await ledger.lock(session, account_id)
    await record.require_open(session, account)
    return await keep(
        session,
        now=now,
        account=account,
        status=PlanStatus(status),
        via=via,
        actor=actor,
        amount_cents=amount_cents,
        frequency=frequency,
        first_date=first_date,
        count=count,
        last_cents=last_cents,
        down_payment_cents=down_payment_cents or 0,
        total_cents=account["balance_cents"],
    )


async def keep(
    session: AsyncSession,
    *,
    now: datetime,
    account: Mapping[str, Any],
    status: PlanStatus,
    via: str,
    actor: str,
    **columns: Any,
) -> int:
    """Write the one plan being talked about on a locked account: corrected in place, or a new one."""
    columns = {**columns, "proposed_via": via, "proposed_at": now}
    known = await record.talked_about(session, account_id=account["id"])
    if known and status != known["status"] and status not in MOVES[known["status"]]:
        await record.move(session, now=now, plan=known, to=PlanStatus.CANCELLED, actor=actor, why="started again")
        known = None
    if known:
        await record.move(session, now=now, plan=known, to=status, actor=actor, why=via, **columns)
        return int(known["id"])
    columns = {**columns, "account_id": account["id"], "debtor_id": account["debtor_id"], "status": status.value}
    marks = ", ".join("cast(:terms as jsonb)" if name == "terms" else f":{name}" for name in columns)
    plan_id = await session.scalar(
        sa.text(f"insert into plan ({', '.join(columns)}) values ({marks}) returning id"), columns
    )
    plan = {"id": plan_id, "debtor_id": account["debtor_id"]}
    await record.tell(session, now=now, plan=plan, actor=actor, action=f"plan.{status}", why=via)
    return int(plan_id)


async def drop(session: AsyncSession, *, now: datetime, account_id: int, actor: str, why: str) -> bool:
    """End the plan being talked about, without a word to anyone; False when there is none."""
    await ledger.lock(session, account_id)
    plan = await record.talked_about(session, account_id=account_id)
    if plan is None:
        return False
    await record.move(session, now=now, plan=plan, to=PlanStatus.CANCELLED, actor=actor, why=why)
    return True
