"""What is known of an invented portfolio besides its file: terms, local consents, holds, people who said stop."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.cli._cast import Terms
from outreach.cli._portfolio import Portfolio
from outreach.messages import silence

_TERMS = """
update creditor set sms_allowed = :reason <> '', sms_allowed_reason = :reason, min_monthly_cents = :minimum,
  max_months = :months, payment_instructions = cast(:instructions as jsonb) where name = :name
"""


async def settle(session: AsyncSession, portfolio: Portfolio, *, now: datetime) -> None:
    """Put it on record after the import, through the same doors as in life: each hold withdraws, each stop silences."""
    for terms in portfolio.creditors:
        await session.execute(sa.text(_TERMS), _terms(terms))
    for ref, facts in portfolio.law_facts.items():
        await session.execute(
            sa.text("update debtor set law_facts = cast(:facts as jsonb) where ref = :ref"),
            {"facts": json.dumps(facts), "ref": ref},
        )
    people = {row["ref"]: row["id"] for row in await db.rows(session, "select ref, id from debtor")}
    debts = {row["ref"]: row["id"] for row in await db.rows(session, "select ref, id from account")}
    earlier = now - timedelta(days=9)
    for what in portfolio.before:
        if (person := people.get(what.debtor_ref)) is None:
            continue
        if what.what == "stop":
            await silence.opt_out(
                session, now=earlier, debtor_id=person, medium="sms", via="staff", actor="system:demo", words=what.words
            )
            continue
        await silence.hold(
            session,
            now=earlier,
            debtor_id=person,
            reason=what.what,
            actor="system:demo",
            account_id=debts.get(what.account_ref),
            note=what.words,
        )


def _terms(terms: Terms) -> dict[str, object]:
    return {
        "name": terms.name,
        "reason": terms.sms_reason,
        "minimum": terms.min_monthly_cents,
        "months": terms.max_months,
        "instructions": json.dumps(terms.payment_instructions()),
    }
